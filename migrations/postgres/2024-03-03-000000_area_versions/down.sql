DROP TABLE area_versions;
