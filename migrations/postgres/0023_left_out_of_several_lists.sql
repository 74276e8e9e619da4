-- Of several lists for one round each keeps the rows that could not be used, and two lists have rows of the same number.
ALTER TABLE left_out DROP CONSTRAINT left_out_pkey;
CREATE INDEX left_out_round ON left_out (round_id, line);
