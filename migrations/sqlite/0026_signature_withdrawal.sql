-- A signature that was taken back: those of its level at this account up to this number count no more.
CREATE TABLE signature_withdrawal (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    level TEXT NOT NULL CHECK (level IN ('director', 'sales_director')),
    after_n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by_whom TEXT NOT NULL
) STRICT;
CREATE INDEX signature_withdrawal_by_account ON signature_withdrawal (account_id, level);
