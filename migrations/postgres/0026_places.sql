-- The chain of a round covers what an entry says by a digest, so that evidence can leave out what contacts did and still be checked. The salt
-- keeps what is left out from being guessed. An entry without a place was written by an earlier version: the next start gives it one.
ALTER TABLE journal ADD COLUMN place BIGINT;
ALTER TABLE journal ADD COLUMN salt TEXT;
-- Whether it tells of what a contact did, as of when it was given its place.
ALTER TABLE journal ADD COLUMN private BIGINT;
CREATE INDEX journal_by_place ON journal (round_id, place);
CREATE INDEX journal_without_place ON journal (round_id, n) WHERE place IS NULL AND round_id IS NOT NULL;

-- A row is given its numbers once; nothing else of it ever changes.
DROP TRIGGER journal_stays ON journal;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal FOR EACH ROW
WHEN (NOT (NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.actor IS NOT DISTINCT FROM OLD.actor AND NEW.action IS NOT DISTINCT FROM OLD.action AND NEW.round_id IS NOT DISTINCT FROM OLD.round_id AND NEW.subject IS NOT DISTINCT FROM OLD.subject AND NEW.detail IS NOT DISTINCT FROM OLD.detail
    AND ((OLD.n IS NULL AND NEW.n IS NOT NULL AND NEW.place IS NOT DISTINCT FROM OLD.place AND NEW.salt IS NOT DISTINCT FROM OLD.salt AND NEW.private IS NOT DISTINCT FROM OLD.private)
        OR (OLD.place IS NULL AND NEW.place IS NOT NULL AND NEW.n IS NOT DISTINCT FROM OLD.n AND NEW.mac IS NOT DISTINCT FROM OLD.mac))))
EXECUTE FUNCTION journal_stays();

-- The chains of before covered the entries themselves. They are begun anew at the next start.
DROP TRIGGER round_chain_keeps ON round_chain;
DELETE FROM round_chain;
CREATE TRIGGER round_chain_keeps BEFORE DELETE ON round_chain FOR EACH ROW EXECUTE FUNCTION chain_keeps();
