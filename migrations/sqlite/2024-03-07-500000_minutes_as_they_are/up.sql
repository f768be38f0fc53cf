-- SQLite keeps every text as it is; on PostgreSQL minutes are no longer compressed.
SELECT 1;
