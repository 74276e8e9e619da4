-- F21: whether an earlier claim of this message ended with its program (1), or whether it is being made alone (2).
ALTER TABLE message ADD COLUMN suspect BIGINT NOT NULL DEFAULT 0;

-- Promise 8: every entry and every signature has a code over itself and the one before, under a key that is not in the database.
ALTER TABLE journal ADD COLUMN n BIGINT;
ALTER TABLE journal ADD COLUMN mac TEXT;
CREATE UNIQUE INDEX journal_by_n ON journal (n);
ALTER TABLE signature ADD COLUMN n BIGINT;
ALTER TABLE signature ADD COLUMN mac TEXT;
CREATE UNIQUE INDEX signature_by_n ON signature (n);

-- Where each of the two chains ends. The seal says so under the key.
CREATE TABLE chain (
    name TEXT PRIMARY KEY,
    n BIGINT NOT NULL,
    mac TEXT NOT NULL,
    seal TEXT NOT NULL
);
CREATE FUNCTION chain_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the chain is append-only';
END
$$;
CREATE TRIGGER chain_keeps BEFORE DELETE ON chain FOR EACH ROW EXECUTE FUNCTION chain_keeps();

-- Rows of earlier versions are chained once; nothing else of a row ever changes.
DROP TRIGGER journal_stays ON journal;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal FOR EACH ROW
WHEN (NOT (OLD.n IS NULL AND NEW.n IS NOT NULL AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.actor IS NOT DISTINCT FROM OLD.actor AND NEW.action IS NOT DISTINCT FROM OLD.action AND NEW.round_id IS NOT DISTINCT FROM OLD.round_id AND NEW.subject IS NOT DISTINCT FROM OLD.subject AND NEW.detail IS NOT DISTINCT FROM OLD.detail))
EXECUTE FUNCTION journal_stays();
CREATE FUNCTION signature_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'signatures are append-only';
END
$$;
CREATE TRIGGER signature_stays BEFORE UPDATE ON signature FOR EACH ROW
WHEN (NOT (OLD.n IS NULL AND NEW.n IS NOT NULL AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.round_id IS NOT DISTINCT FROM OLD.round_id AND NEW.account_id IS NOT DISTINCT FROM OLD.account_id AND NEW.level IS NOT DISTINCT FROM OLD.level AND NEW.fingerprint IS NOT DISTINCT FROM OLD.fingerprint AND NEW.names IS NOT DISTINCT FROM OLD.names AND NEW.signed_by IS NOT DISTINCT FROM OLD.signed_by AND NEW.how IS NOT DISTINCT FROM OLD.how AND NEW.came_from IS NOT DISTINCT FROM OLD.came_from AND NEW.evidence IS NOT DISTINCT FROM OLD.evidence AND NEW.recorded_by IS NOT DISTINCT FROM OLD.recorded_by AND NEW.at IS NOT DISTINCT FROM OLD.at))
EXECUTE FUNCTION signature_stays();
CREATE TRIGGER signature_keeps BEFORE DELETE ON signature FOR EACH ROW EXECUTE FUNCTION signature_stays();
-- SQLite has no TRUNCATE.
CREATE TRIGGER signature_is_not_truncated BEFORE TRUNCATE ON signature FOR EACH STATEMENT EXECUTE FUNCTION signature_stays();
CREATE TRIGGER chain_is_not_truncated BEFORE TRUNCATE ON chain FOR EACH STATEMENT EXECUTE FUNCTION chain_keeps();
