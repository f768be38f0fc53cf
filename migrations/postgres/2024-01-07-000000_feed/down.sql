DROP TABLE screen_items;
DROP INDEX outbox_commit_order;
ALTER TABLE outbox DROP COLUMN commit_group;
