-- People are counted by where they are, what they read and their role, and names to look at beside their account (decision 0069). Counters of accounts stay as they are: a row that is
-- changed again in one transaction leaves no version behind here.

-- How many people of a round are on its list, were taken off it, and have yet to answer (`not_answered` of the list of contacts): what the
-- list of contacts, the places that can be paused and the first letter of a round would read from people. Whom a list puts down is counted when its mark goes, all
-- together. Kept by the triggers below, whoever changes a contact; `doctor` compares it with the contacts.
CREATE TABLE people_tally (
    round_id TEXT NOT NULL,
    role TEXT NOT NULL,
    country TEXT NOT NULL,
    region TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    listed INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    not_answered INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, role, country, region, time_zone, language)
) WITHOUT ROWID, STRICT;
INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed, removed, not_answered)
    SELECT round_id, role, country, region, time_zone, language, sum(removed_at IS NULL), sum(removed_at IS NOT NULL),
        sum(invited_at IS NOT NULL AND completed_at IS NULL AND opted_out_at IS NULL AND removed_at IS NULL AND undeliverable_at IS NULL)
    FROM contact WHERE loading IS NULL GROUP BY round_id, role, country, region, time_zone, language;

CREATE TRIGGER contact_people_insert AFTER INSERT ON contact WHEN NEW.loading IS NULL BEGIN
    INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed, removed, not_answered)
    VALUES (NEW.round_id, NEW.role, NEW.country, NEW.region, NEW.time_zone, NEW.language, NEW.removed_at IS NULL, NEW.removed_at IS NOT NULL,
        NEW.invited_at IS NOT NULL AND NEW.completed_at IS NULL AND NEW.opted_out_at IS NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)
    ON CONFLICT (round_id, role, country, region, time_zone, language) DO UPDATE SET
        listed = listed + excluded.listed,
        removed = removed + excluded.removed,
        not_answered = not_answered + excluded.not_answered;
END;

CREATE TRIGGER contact_people_update AFTER UPDATE OF role, country, region, time_zone, language, removed_at, invited_at, completed_at, opted_out_at, undeliverable_at ON contact
WHEN (OLD.loading IS NULL AND (OLD.role <> NEW.role OR OLD.country <> NEW.country OR OLD.region <> NEW.region OR OLD.time_zone <> NEW.time_zone
    OR OLD.language <> NEW.language
    OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL)
    OR (OLD.invited_at IS NOT NULL AND OLD.completed_at IS NULL AND OLD.opted_out_at IS NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)
        <> (NEW.invited_at IS NOT NULL AND NEW.completed_at IS NULL AND NEW.opted_out_at IS NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL))) BEGIN
    UPDATE people_tally SET
        listed = listed - (OLD.removed_at IS NULL),
        removed = removed - (OLD.removed_at IS NOT NULL),
        not_answered = not_answered - (OLD.invited_at IS NOT NULL AND OLD.completed_at IS NULL AND OLD.opted_out_at IS NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)
    WHERE round_id = OLD.round_id AND role = OLD.role AND country = OLD.country AND region = OLD.region AND time_zone = OLD.time_zone
        AND language = OLD.language;
    INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed, removed, not_answered)
    VALUES (NEW.round_id, NEW.role, NEW.country, NEW.region, NEW.time_zone, NEW.language, NEW.removed_at IS NULL, NEW.removed_at IS NOT NULL,
        NEW.invited_at IS NOT NULL AND NEW.completed_at IS NULL AND NEW.opted_out_at IS NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)
    ON CONFLICT (round_id, role, country, region, time_zone, language) DO UPDATE SET
        listed = listed + excluded.listed,
        removed = removed + excluded.removed,
        not_answered = not_answered + excluded.not_answered;
END;

-- Whoever has yet to answer, by name.
CREATE INDEX contact_not_answered ON contact (round_id, sort_key, id)
    WHERE invited_at IS NOT NULL AND completed_at IS NULL AND opted_out_at IS NULL AND removed_at IS NULL AND undeliverable_at IS NULL;

-- How many names on the list of an account have findings. Whom a list puts down is counted when its mark goes, as above.
ALTER TABLE account ADD COLUMN to_look_at INTEGER NOT NULL DEFAULT 0;
UPDATE account SET to_look_at = found.n
    FROM (SELECT account_id, count(*) AS n FROM contact WHERE removed_at IS NULL AND findings <> '[]' GROUP BY account_id) AS found
    WHERE account.id = found.account_id;
CREATE INDEX account_to_look_at ON account (round_id, to_look_at) WHERE to_look_at > 0;

CREATE TRIGGER account_found_insert AFTER INSERT ON contact WHEN (NEW.loading IS NULL AND NEW.removed_at IS NULL AND NEW.findings <> '[]') BEGIN
    UPDATE account SET to_look_at = to_look_at + 1 WHERE id = NEW.account_id;
END;
CREATE TRIGGER account_found_update AFTER UPDATE OF findings, removed_at, account_id ON contact
WHEN (OLD.loading IS NULL AND (((OLD.removed_at IS NULL AND OLD.findings <> '[]') <> (NEW.removed_at IS NULL AND NEW.findings <> '[]'))
    OR (OLD.account_id <> NEW.account_id AND NEW.removed_at IS NULL AND NEW.findings <> '[]'))) BEGIN
    UPDATE account SET to_look_at = to_look_at - (id = OLD.account_id AND OLD.removed_at IS NULL AND OLD.findings <> '[]') + (id = NEW.account_id AND NEW.removed_at IS NULL AND NEW.findings <> '[]')
    WHERE id IN (OLD.account_id, NEW.account_id);
END;

-- Where a round has contacts is read from `people_tally`.
DROP INDEX contact_places;
