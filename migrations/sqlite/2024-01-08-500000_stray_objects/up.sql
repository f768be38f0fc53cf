-- 无主对象: what lies, or is about to lie, in the storage without a row that names it; swept away when it is due. What is
-- doomed may not come to be named any more.
CREATE TABLE stray_objects (
    key TEXT NOT NULL PRIMARY KEY,
    due BIGINT NOT NULL,
    doomed BOOLEAN NOT NULL
);
CREATE INDEX stray_objects_due ON stray_objects (due);
