DROP TABLE boards;
DROP TABLE ranking_rows;
DROP TABLE rankings;
DROP TABLE credit_events;
DROP TABLE listing_photos;
DROP TABLE listing_objections;
DROP TABLE listing_statements;
DROP TABLE listings;
