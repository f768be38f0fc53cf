-- Chinese text hardly shrinks, and trying to costs more than all else that publishing does: 200 KB take twice as long.
ALTER TABLE meeting_minutes
    ALTER COLUMN body SET STORAGE EXTERNAL,
    ALTER COLUMN snapshot SET STORAGE EXTERNAL,
    ALTER COLUMN public_snapshot SET STORAGE EXTERNAL;
