DROP TABLE survey_consequences;
DROP TABLE survey_calls;
DROP TABLE survey_comments;
DROP TABLE survey_answers;
DROP TABLE survey_claims;
DROP TABLE survey_invitations;
DROP TABLE survey_rounds;
DROP TABLE survey_forms;
