-- People and accounts as they are looked for and put in order (`base::folding`), a board that costs its page, and lists that come in by pieces.

ALTER TABLE contact ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
-- Of the account director's name.
ALTER TABLE account ADD COLUMN director_key TEXT NOT NULL DEFAULT '';

-- By which words somebody is found. Whoever writes `words` writes these.
CREATE TABLE contact_word (
    round_id TEXT NOT NULL,
    word TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (round_id, word, contact_id)
) WITHOUT ROWID, STRICT;
CREATE TABLE account_word (
    round_id TEXT NOT NULL,
    word TEXT NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (round_id, word, account_id)
) WITHOUT ROWID, STRICT;

DROP INDEX contact_by_name;
CREATE INDEX contact_by_name ON contact (round_id, sort_key, id);
CREATE INDEX account_by_name ON account (round_id, sort_key, id);
-- The board: what is left to sign first, then by director.
CREATE INDEX account_on_board ON account (round_id, (CASE standing WHEN 'signed' THEN 1 ELSE 0 END), director_key, director_email, sort_key, id)
    WHERE listed > 0;
-- The overview: where most people have not answered.
CREATE INDEX account_most_open ON account (round_id, (reachable - completed) DESC, sort_key, id);
CREATE INDEX contact_with_findings ON contact (account_id) WHERE removed_at IS NULL AND findings <> '[]';

-- Lists that come in by pieces. The new people of a list are put down by the thousand while others write; under the list's mark they are
-- nobody: not counted, planned, asked, found or shown. The last piece takes the mark away, in one transaction with whatever else the list says.
ALTER TABLE contact ADD COLUMN loading TEXT;
CREATE INDEX contact_loading ON contact (round_id, loading, id) WHERE loading IS NOT NULL;

-- Who is marked is counted when the mark goes, all together.
DROP TRIGGER contact_insert;
CREATE TRIGGER contact_insert AFTER INSERT ON contact WHEN (NEW.loading IS NULL) BEGIN
    INSERT INTO tally (round_id, role) VALUES (NEW.round_id, NEW.role) ON CONFLICT DO NOTHING;
    UPDATE tally SET
        listed = listed + (NEW.removed_at IS NULL),
        invited = invited + (NEW.invited_at IS NOT NULL),
        reachable = reachable + (NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)),
        started = started + (NEW.started_at IS NOT NULL),
        completed = completed + (NEW.completed_at IS NOT NULL),
        opted_out = opted_out + (NEW.opted_out_at IS NOT NULL),
        undeliverable = undeliverable + (NEW.undeliverable_at IS NOT NULL)
    WHERE round_id = NEW.round_id AND role = NEW.role;
    UPDATE account SET
        listed = listed + (NEW.removed_at IS NULL),
        invited = invited + (NEW.invited_at IS NOT NULL),
        reachable = reachable + (NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)),
        started = started + (NEW.started_at IS NOT NULL),
        completed = completed + (NEW.completed_at IS NOT NULL)
    WHERE id = NEW.account_id;
END;
DROP TRIGGER contact_update;
CREATE TRIGGER contact_update AFTER UPDATE OF role, removed_at, invited_at, started_at, completed_at, opted_out_at, undeliverable_at ON contact
WHEN (OLD.loading IS NULL AND (OLD.role <> NEW.role OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) OR (OLD.invited_at IS NULL) <> (NEW.invited_at IS NULL)
    OR (OLD.started_at IS NULL) <> (NEW.started_at IS NULL) OR (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL)
    OR (OLD.opted_out_at IS NULL) <> (NEW.opted_out_at IS NULL) OR (OLD.undeliverable_at IS NULL) <> (NEW.undeliverable_at IS NULL))) BEGIN
    INSERT INTO tally (round_id, role) VALUES (NEW.round_id, NEW.role) ON CONFLICT DO NOTHING;
    UPDATE tally SET
        listed = listed - (OLD.removed_at IS NULL),
        invited = invited - (OLD.invited_at IS NOT NULL),
        reachable = reachable - (OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)),
        started = started - (OLD.started_at IS NOT NULL),
        completed = completed - (OLD.completed_at IS NOT NULL),
        opted_out = opted_out - (OLD.opted_out_at IS NOT NULL),
        undeliverable = undeliverable - (OLD.undeliverable_at IS NOT NULL)
    WHERE round_id = OLD.round_id AND role = OLD.role;
    UPDATE tally SET
        listed = listed + (NEW.removed_at IS NULL),
        invited = invited + (NEW.invited_at IS NOT NULL),
        reachable = reachable + (NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)),
        started = started + (NEW.started_at IS NOT NULL),
        completed = completed + (NEW.completed_at IS NOT NULL),
        opted_out = opted_out + (NEW.opted_out_at IS NOT NULL),
        undeliverable = undeliverable + (NEW.undeliverable_at IS NOT NULL)
    WHERE round_id = NEW.round_id AND role = NEW.role;
    UPDATE account SET
        listed = listed - (OLD.removed_at IS NULL) + (NEW.removed_at IS NULL),
        invited = invited - (OLD.invited_at IS NOT NULL) + (NEW.invited_at IS NOT NULL),
        reachable = reachable - (OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)) + (NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)),
        started = started - (OLD.started_at IS NOT NULL) + (NEW.started_at IS NOT NULL),
        completed = completed - (OLD.completed_at IS NOT NULL) + (NEW.completed_at IS NOT NULL)
    WHERE id = NEW.account_id;
END;
