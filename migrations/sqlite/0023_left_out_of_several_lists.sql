-- Of several lists for one round each keeps the rows that could not be used, and two lists have rows of the same number.
CREATE TABLE left_out_of_lists (
    round_id TEXT NOT NULL REFERENCES round (id),
    line INTEGER NOT NULL,
    who TEXT NOT NULL,
    account TEXT NOT NULL,
    account_key TEXT NOT NULL,
    director_key TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
INSERT INTO left_out_of_lists SELECT round_id, line, who, account, account_key, director_key, why FROM left_out;
DROP TABLE left_out;
ALTER TABLE left_out_of_lists RENAME TO left_out;
CREATE INDEX left_out_round ON left_out (round_id, line);
