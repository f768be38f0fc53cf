DROP TABLE stray_objects;
