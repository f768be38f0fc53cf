DROP TABLE screen_items;
ALTER TABLE outbox DROP COLUMN commit_group;
