ALTER TABLE survey_consequences DROP COLUMN notice_id;
DROP TABLE listing_repair_requests;
