DROP TABLE alliance_moderations;
DROP TABLE alliance_posts;
DROP TABLE alliance_groups;
DROP TABLE notice_photos;
DROP TABLE notice_reads;
DROP TABLE notice_roles;
DROP TABLE notices;
