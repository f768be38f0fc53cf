DROP INDEX alliance_posts_linked_case;
ALTER TABLE alliance_posts DROP COLUMN linked_case_id;
