-- F21: whether an earlier claim of this message ended with its program (1), or whether it is being made alone (2).
ALTER TABLE message ADD COLUMN suspect INTEGER NOT NULL DEFAULT 0;

-- Promise 8: every entry and every signature has a code over itself and the one before, under a key that is not in the database.
ALTER TABLE journal ADD COLUMN n INTEGER;
ALTER TABLE journal ADD COLUMN mac TEXT;
CREATE UNIQUE INDEX journal_by_n ON journal (n);
ALTER TABLE signature ADD COLUMN n INTEGER;
ALTER TABLE signature ADD COLUMN mac TEXT;
CREATE UNIQUE INDEX signature_by_n ON signature (n);

-- Where each of the two chains ends. The seal says so under the key.
CREATE TABLE chain (
    name TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    mac TEXT NOT NULL,
    seal TEXT NOT NULL
) STRICT;
CREATE TRIGGER chain_keeps BEFORE DELETE ON chain BEGIN
    SELECT RAISE(ABORT, 'the chain is append-only');
END;

-- Rows of earlier versions are chained once; nothing else of a row ever changes.
DROP TRIGGER journal_stays;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
WHEN NOT (OLD.n IS NULL AND NEW.n IS NOT NULL AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.actor IS OLD.actor AND NEW.action IS OLD.action AND NEW.round_id IS OLD.round_id AND NEW.subject IS OLD.subject AND NEW.detail IS OLD.detail) BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER signature_stays BEFORE UPDATE ON signature
WHEN NOT (OLD.n IS NULL AND NEW.n IS NOT NULL AND NEW.id IS OLD.id AND NEW.round_id IS OLD.round_id AND NEW.account_id IS OLD.account_id AND NEW.level IS OLD.level AND NEW.fingerprint IS OLD.fingerprint AND NEW.names IS OLD.names AND NEW.signed_by IS OLD.signed_by AND NEW.how IS OLD.how AND NEW.came_from IS OLD.came_from AND NEW.evidence IS OLD.evidence AND NEW.recorded_by IS OLD.recorded_by AND NEW.at IS OLD.at) BEGIN
    SELECT RAISE(ABORT, 'signatures are append-only');
END;
CREATE TRIGGER signature_keeps BEFORE DELETE ON signature BEGIN
    SELECT RAISE(ABORT, 'signatures are append-only');
END;
