-- Until when somebody who signs is away: an automatic reply of his says so, or an operator was told.
CREATE TABLE signer_absence (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    email TEXT NOT NULL,
    -- The first instant at which he is there again, where he works.
    back_at INTEGER NOT NULL,
    why TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT
) STRICT;
CREATE INDEX signer_absence_by_person ON signer_absence (round_id, email);

-- What was decided of names that nobody has signed.
CREATE TABLE account_decision (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('left_out', 'taken_in', 'last_year')),
    reason TEXT NOT NULL,
    -- The ids of the names concerned, as JSON.
    names TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_decision_by_account ON account_decision (account_id, at);

-- When it is looked at whether somebody else is to be asked.
ALTER TABLE request ADD COLUMN look_at INTEGER;
CREATE INDEX request_look ON request (look_at);

-- The list of the round before stands: nobody has signed this one. Kept beside how it was given, because a check cannot be widened.
ALTER TABLE signature ADD COLUMN carried TEXT CHECK (carried = 'carried');
