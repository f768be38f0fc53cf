DROP TABLE interest_declarations;
DROP TABLE election_electees;
DROP TABLE election_records;
DROP TABLE appointments;
DROP TABLE posts;
