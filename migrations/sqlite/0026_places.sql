-- The chain of a round covers what an entry says by a digest, so that evidence can leave out what contacts did and still be checked. The salt
-- keeps what is left out from being guessed. An entry without a place was written by an earlier version: the next start gives it one.
ALTER TABLE journal ADD COLUMN place INTEGER;
ALTER TABLE journal ADD COLUMN salt TEXT;
-- Whether it tells of what a contact did, as of when it was given its place.
ALTER TABLE journal ADD COLUMN private INTEGER;
CREATE INDEX journal_by_place ON journal (round_id, place);
CREATE INDEX journal_without_place ON journal (round_id, n) WHERE place IS NULL AND round_id IS NOT NULL;

-- A row is given its numbers once; nothing else of it ever changes.
DROP TRIGGER journal_stays;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
WHEN NOT (NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.actor IS OLD.actor AND NEW.action IS OLD.action AND NEW.round_id IS OLD.round_id AND NEW.subject IS OLD.subject AND NEW.detail IS OLD.detail
    AND ((OLD.n IS NULL AND NEW.n IS NOT NULL AND NEW.place IS OLD.place AND NEW.salt IS OLD.salt AND NEW.private IS OLD.private)
        OR (OLD.place IS NULL AND NEW.place IS NOT NULL AND NEW.n IS OLD.n AND NEW.mac IS OLD.mac))) BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- The chains of before covered the entries themselves. They are begun anew at the next start.
DROP TRIGGER round_chain_keeps;
DELETE FROM round_chain;
CREATE TRIGGER round_chain_keeps BEFORE DELETE ON round_chain BEGIN
    SELECT RAISE(ABORT, 'the chain is append-only');
END;
