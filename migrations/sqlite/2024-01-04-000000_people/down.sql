DROP TABLE data_requests;
DROP TABLE publication_consents;
DROP TABLE member_checkins;
DROP TABLE party_stages;
DROP TABLE residencies;
DROP TABLE phone_accesses;
DROP TABLE persons;
