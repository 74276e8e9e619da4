-- Each name is signed by itself: what a change leaves as it was stays signed (decision 0049). Where the list of an account had changed before
-- this version came, its names wait as before, until the account is signed.
ALTER TABLE contact ADD COLUMN standing TEXT NOT NULL DEFAULT 'unsigned' CHECK (standing IN ('unsigned', 'counter_sign', 'signed'));
ALTER TABLE contact ADD COLUMN signed_at INTEGER;
-- The fingerprint of the account director's list that covers the name; a message that leaves takes it along.
ALTER TABLE contact ADD COLUMN signed_as TEXT;
-- Whoever was taken off the list and is back is signed again: signatures up to this number of the chain do not cover him.
ALTER TABLE contact ADD COLUMN off_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN signed_names INTEGER NOT NULL DEFAULT 0;

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

-- What is counted of a round is the names that are signed, whatever becomes of the others of their accounts.
DROP TRIGGER account_insert;
DROP TRIGGER account_update;
UPDATE contact SET standing = a.standing, signed_at = a.signed_at, signed_as = CASE a.standing WHEN 'unsigned' THEN NULL ELSE a.fingerprint END
    FROM account a WHERE a.id = contact.account_id AND contact.removed_at IS NULL;
UPDATE contact SET off_after = COALESCE((SELECT max(s.n) FROM signature s WHERE s.account_id = contact.account_id), 0)
    WHERE removed_at IS NOT NULL AND loading IS NULL;
UPDATE account SET signed_names = CASE standing WHEN 'signed' THEN listed ELSE 0 END;
CREATE TRIGGER account_insert AFTER INSERT ON account BEGIN
    INSERT INTO account_tally (round_id) VALUES (NEW.round_id) ON CONFLICT DO NOTHING;
    UPDATE account_tally SET
        listed = listed + (NEW.listed > 0),
        signed = signed + (NEW.standing = 'signed'),
        signed_names = signed_names + NEW.signed_names,
        invited = invited + (NEW.invited > 0),
        completed = completed + (NEW.completed > 0)
    WHERE round_id = NEW.round_id;
END;
CREATE TRIGGER account_update AFTER UPDATE OF standing, signed_names, listed, invited, completed ON account BEGIN
    UPDATE account_tally SET
        listed = listed - (OLD.listed > 0) + (NEW.listed > 0),
        signed = signed - (OLD.standing = 'signed') + (NEW.standing = 'signed'),
        signed_names = signed_names - OLD.signed_names + NEW.signed_names,
        invited = invited - (OLD.invited > 0) + (NEW.invited > 0),
        completed = completed - (OLD.completed > 0) + (NEW.completed > 0)
    WHERE round_id = NEW.round_id;
END;
