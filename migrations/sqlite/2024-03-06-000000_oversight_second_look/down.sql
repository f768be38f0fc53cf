ALTER TABLE survey_consequences DROP COLUMN notice_id;
DROP TABLE rating_claim_files;
DROP TABLE listing_repair_requests;
