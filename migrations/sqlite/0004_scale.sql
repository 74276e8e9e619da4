-- The order in which the plan looks at contacts, whole: of a hundred thousand who are due at one instant, the first thousand are read,
-- not sorted out of all of them.
DROP INDEX contact_to_look_at;
CREATE INDEX contact_to_look_at ON contact (round_id, look_at, id) WHERE look_at IS NOT NULL;

-- On PostgreSQL the counters of what comes by the thousand are kept per statement from here on; SQLite counts row by row as before.
