-- What directors keep of a round is the end of its journal: how many entries it has, and the SHA-256 of the last, which covers the one before.
-- Rounds of earlier versions get theirs at the next start.
CREATE TABLE round_chain (
    round_id TEXT PRIMARY KEY,
    entries BIGINT NOT NULL,
    head TEXT NOT NULL
);
CREATE TRIGGER round_chain_keeps BEFORE DELETE ON round_chain FOR EACH ROW EXECUTE FUNCTION chain_keeps();
-- SQLite has no TRUNCATE.
CREATE TRIGGER round_chain_is_not_truncated BEFORE TRUNCATE ON round_chain FOR EACH STATEMENT EXECUTE FUNCTION chain_keeps();
CREATE INDEX journal_by_round_and_n ON journal (round_id, n);

-- A fingerprint covers what the account was called.
ALTER TABLE signed_list ADD COLUMN account TEXT;
