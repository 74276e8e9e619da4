-- Since when a round runs, without a break: from its start, or from when it was last resumed. None: it does not run.
ALTER TABLE round ADD COLUMN running_since INTEGER;
UPDATE round SET running_since = started_at WHERE state = 'running';

-- Strategic accounts that wait for their account director, by since when.
CREATE INDEX account_strategic_waiting ON account (round_id, waits_since, director_email)
    WHERE strategic = 1 AND listed > 0 AND standing = 'unsigned';
