-- People and accounts as they are looked for and put in order (`base::folding`), a board that costs its page, and lists that come in by pieces.

ALTER TABLE contact ADD COLUMN words TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN sort_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN words TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN sort_key TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Of the account director's name.
ALTER TABLE account ADD COLUMN director_key TEXT COLLATE "C" NOT NULL DEFAULT '';

-- By which words somebody is found. Whoever writes `words` writes these.
CREATE TABLE contact_word (
    round_id TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (round_id, word, contact_id)
);
CREATE TABLE account_word (
    round_id TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (round_id, word, account_id)
);

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
CREATE OR REPLACE FUNCTION contact_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally (round_id, role, listed, invited, reachable, started, completed, opted_out, undeliverable)
    SELECT round_id, role, sum(CAST(removed_at IS NULL AS INT)), sum(CAST(invited_at IS NOT NULL AS INT)),
        sum(CAST((completed_at IS NOT NULL OR (invited_at IS NOT NULL AND removed_at IS NULL AND undeliverable_at IS NULL)) AS INT)),
        sum(CAST(started_at IS NOT NULL AS INT)), sum(CAST(completed_at IS NOT NULL AS INT)),
        sum(CAST(opted_out_at IS NOT NULL AS INT)), sum(CAST(undeliverable_at IS NOT NULL AS INT))
    FROM added WHERE loading IS NULL GROUP BY round_id, role
    ON CONFLICT (round_id, role) DO UPDATE SET
        listed = tally.listed + excluded.listed,
        invited = tally.invited + excluded.invited,
        reachable = tally.reachable + excluded.reachable,
        started = tally.started + excluded.started,
        completed = tally.completed + excluded.completed,
        opted_out = tally.opted_out + excluded.opted_out,
        undeliverable = tally.undeliverable + excluded.undeliverable;
    UPDATE account SET
        listed = account.listed + a.listed,
        invited = account.invited + a.invited,
        reachable = account.reachable + a.reachable,
        started = account.started + a.started,
        completed = account.completed + a.completed
    FROM (SELECT account_id, sum(CAST(removed_at IS NULL AS INT)) AS listed, sum(CAST(invited_at IS NOT NULL AS INT)) AS invited,
            sum(CAST((completed_at IS NOT NULL OR (invited_at IS NOT NULL AND removed_at IS NULL AND undeliverable_at IS NULL)) AS INT)) AS reachable,
            sum(CAST(started_at IS NOT NULL AS INT)) AS started, sum(CAST(completed_at IS NOT NULL AS INT)) AS completed
        FROM added WHERE loading IS NULL GROUP BY account_id) AS a
    WHERE account.id = a.account_id;
    RETURN NULL;
END
$$;
DROP TRIGGER contact_update ON contact;
CREATE TRIGGER contact_update AFTER UPDATE OF role, removed_at, invited_at, started_at, completed_at, opted_out_at, undeliverable_at ON contact
FOR EACH ROW WHEN (OLD.loading IS NULL AND (OLD.role <> NEW.role OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) OR (OLD.invited_at IS NULL) <> (NEW.invited_at IS NULL)
    OR (OLD.started_at IS NULL) <> (NEW.started_at IS NULL) OR (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL)
    OR (OLD.opted_out_at IS NULL) <> (NEW.opted_out_at IS NULL) OR (OLD.undeliverable_at IS NULL) <> (NEW.undeliverable_at IS NULL))) EXECUTE FUNCTION contact_update();
