-- Counters of accounts are kept per statement, and people are counted by where they are, what they read and their role, and names to look at beside their account (decision 0069).

-- What a list puts down, and a start waits for, changes accounts by the thousand in one statement: a counter that is changed for each of them
-- leaves a version behind each time, and every later change steps over all of them. Nothing here joins the rows before with the rows after: a
-- plan that was made for one row would be kept for twenty thousand.
DROP TRIGGER account_insert ON account;
DROP TRIGGER account_update ON account;
DROP TRIGGER account_director_insert ON account;
DROP TRIGGER account_director_update ON account;
DROP TRIGGER account_director_change ON account;
DROP FUNCTION account_director();

CREATE OR REPLACE FUNCTION account_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_tally (round_id, listed, signed, signed_names, invited, completed)
    SELECT round_id, sum(CAST(listed > 0 AS INT)), sum(CAST(standing = 'signed' AS INT)), sum(signed_names),
        sum(CAST(invited > 0 AS INT)), sum(CAST(completed > 0 AS INT))
    FROM added GROUP BY round_id ORDER BY round_id
    ON CONFLICT (round_id) DO UPDATE SET
        listed = account_tally.listed + excluded.listed,
        signed = account_tally.signed + excluded.signed,
        signed_names = account_tally.signed_names + excluded.signed_names,
        invited = account_tally.invited + excluded.invited,
        completed = account_tally.completed + excluded.completed;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_insert AFTER INSERT ON account REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION account_insert();

CREATE OR REPLACE FUNCTION account_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_tally (round_id, listed, signed, signed_names, invited, completed)
    SELECT * FROM (SELECT round_id, sum(n * CAST(listed > 0 AS INT)) AS listed, sum(n * CAST(standing = 'signed' AS INT)) AS signed,
            sum(n * signed_names) AS signed_names, sum(n * CAST(invited > 0 AS INT)) AS invited, sum(n * CAST(completed > 0 AS INT)) AS completed
        FROM (SELECT -1 AS n, b.* FROM before AS b UNION ALL SELECT 1 AS n, c.* FROM changed AS c) AS each_one GROUP BY round_id) AS moved
    WHERE listed <> 0 OR signed <> 0 OR signed_names <> 0 OR invited <> 0 OR completed <> 0 ORDER BY round_id
    ON CONFLICT (round_id) DO UPDATE SET
        listed = account_tally.listed + excluded.listed,
        signed = account_tally.signed + excluded.signed,
        signed_names = account_tally.signed_names + excluded.signed_names,
        invited = account_tally.invited + excluded.invited,
        completed = account_tally.completed + excluded.completed;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_update AFTER UPDATE ON account REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION account_update();

-- How directors are called. Triggers fire in the order of their names: what counts comes after this and finds a row for everybody.
CREATE FUNCTION account_director_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Most changes of an account are of none of this, and asking costs less than writing nothing.
    IF NOT EXISTS (SELECT director_email, standing, director_name, director_key, director_words FROM changed
        EXCEPT ALL SELECT director_email, standing, director_name, director_key, director_words FROM before) THEN
        RETURN NULL;
    END IF;
    INSERT INTO director_tally (round_id, email, standing, name, sort_key, words)
    SELECT DISTINCT ON (round_id, director_email, standing) round_id, director_email, standing, director_name, director_key, director_words
    FROM (SELECT id, round_id, director_email, standing, director_name, director_key, director_words FROM changed
        EXCEPT SELECT id, round_id, director_email, standing, director_name, director_key, director_words FROM before) AS renamed
    ORDER BY round_id, director_email, standing, id
    ON CONFLICT (round_id, email, standing) DO UPDATE SET name = excluded.name, sort_key = excluded.sort_key, words = excluded.words;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_director_change AFTER UPDATE ON account REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION account_director_named();

-- The least instant of the changed rows is the same before and after where the least of all is. Read from its index, whatever the plan was
-- made for: a round begins without accounts.
CREATE FUNCTION account_director_update() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (SELECT director_email, standing, listed, signed_names, annual_revenue, deciders_left, waits_since FROM changed
        EXCEPT ALL SELECT director_email, standing, listed, signed_names, annual_revenue, deciders_left, waits_since FROM before) THEN
        RETURN NULL;
    END IF;
    INSERT INTO director_tally (round_id, email, standing, name, sort_key, words, accounts, names, names_left, silent, revenue, revenue_left,
        without_revenue, deciders_left, waits_since)
    SELECT round_id, email, standing, '', '', '', accounts, names, names_left, silent, revenue, revenue_left, without_revenue, deciders_left,
        (SELECT min(a.waits_since) FROM account a
            WHERE a.round_id = moved.round_id AND a.director_email = moved.email AND a.standing = moved.standing AND a.listed > 0)
    FROM (SELECT round_id, director_email AS email, standing, sum(n * CASE WHEN listed > 0 THEN 1 ELSE 0 END) AS accounts,
            sum(n * listed) AS names, sum(n * (listed - signed_names)) AS names_left,
            sum(n * CASE WHEN listed > 0 AND signed_names = 0 THEN 1 ELSE 0 END) AS silent,
            sum(n * CASE WHEN listed > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END) AS revenue,
            sum(n * CASE WHEN listed > 0 AND signed_names = 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END) AS revenue_left,
            sum(n * CASE WHEN listed > 0 AND signed_names = 0 AND annual_revenue IS NULL THEN 1 ELSE 0 END) AS without_revenue,
            sum(n * deciders_left) AS deciders_left,
            min(waits_since) FILTER (WHERE n = -1 AND listed > 0) IS DISTINCT FROM min(waits_since) FILTER (WHERE n = 1 AND listed > 0) AS waits
        FROM (SELECT -1 AS n, b.* FROM before AS b UNION ALL SELECT 1 AS n, c.* FROM changed AS c) AS each_one
        GROUP BY round_id, director_email, standing) AS moved
    WHERE waits OR accounts <> 0 OR names <> 0 OR names_left <> 0 OR silent <> 0 OR revenue <> 0 OR revenue_left <> 0 OR without_revenue <> 0
        OR deciders_left <> 0
    ORDER BY round_id, email, standing
    ON CONFLICT (round_id, email, standing) DO UPDATE SET
        accounts = director_tally.accounts + excluded.accounts,
        names = director_tally.names + excluded.names,
        names_left = director_tally.names_left + excluded.names_left,
        silent = director_tally.silent + excluded.silent,
        revenue = director_tally.revenue + excluded.revenue,
        revenue_left = director_tally.revenue_left + excluded.revenue_left,
        without_revenue = director_tally.without_revenue + excluded.without_revenue,
        deciders_left = director_tally.deciders_left + excluded.deciders_left,
        waits_since = excluded.waits_since;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_director_update AFTER UPDATE ON account REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION account_director_update();

CREATE FUNCTION account_director_insert() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO director_tally (round_id, email, standing, name, sort_key, words, accounts, names, names_left, silent, revenue, revenue_left,
        without_revenue, deciders_left, waits_since)
    SELECT round_id, email, standing, name, sort_key, words, accounts, names, names_left, silent, revenue, revenue_left, without_revenue,
        deciders_left, (SELECT min(a.waits_since) FROM account a
            WHERE a.round_id = fresh.round_id AND a.director_email = fresh.email AND a.standing = fresh.standing AND a.listed > 0)
    FROM (SELECT round_id, director_email AS email, standing, (array_agg(director_name ORDER BY id))[1] AS name,
            (array_agg(director_key ORDER BY id))[1] AS sort_key, (array_agg(director_words ORDER BY id))[1] AS words,
            sum(CASE WHEN listed > 0 THEN 1 ELSE 0 END) AS accounts, sum(listed) AS names, sum(listed - signed_names) AS names_left,
            sum(CASE WHEN listed > 0 AND signed_names = 0 THEN 1 ELSE 0 END) AS silent,
            sum(CASE WHEN listed > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END) AS revenue,
            sum(CASE WHEN listed > 0 AND signed_names = 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END) AS revenue_left,
            sum(CASE WHEN listed > 0 AND signed_names = 0 AND annual_revenue IS NULL THEN 1 ELSE 0 END) AS without_revenue,
            sum(deciders_left) AS deciders_left
        FROM added GROUP BY round_id, director_email, standing) AS fresh
    ORDER BY round_id, email, standing
    ON CONFLICT (round_id, email, standing) DO UPDATE SET
        name = excluded.name,
        sort_key = excluded.sort_key,
        words = excluded.words,
        accounts = director_tally.accounts + excluded.accounts,
        names = director_tally.names + excluded.names,
        names_left = director_tally.names_left + excluded.names_left,
        silent = director_tally.silent + excluded.silent,
        revenue = director_tally.revenue + excluded.revenue,
        revenue_left = director_tally.revenue_left + excluded.revenue_left,
        without_revenue = director_tally.without_revenue + excluded.without_revenue,
        deciders_left = director_tally.deciders_left + excluded.deciders_left,
        waits_since = excluded.waits_since;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_director_insert AFTER INSERT ON account REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION account_director_insert();

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
    listed BIGINT NOT NULL DEFAULT 0,
    removed BIGINT NOT NULL DEFAULT 0,
    not_answered BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, role, country, region, time_zone, language)
);
INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed, removed, not_answered)
    SELECT round_id, role, country, region, time_zone, language, sum(CAST(removed_at IS NULL AS INT)), sum(CAST(removed_at IS NOT NULL AS INT)),
        sum(CAST((invited_at IS NOT NULL AND completed_at IS NULL AND opted_out_at IS NULL AND removed_at IS NULL AND undeliverable_at IS NULL) AS INT))
    FROM contact WHERE loading IS NULL GROUP BY round_id, role, country, region, time_zone, language;

CREATE FUNCTION contact_people_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed, removed, not_answered)
    SELECT round_id, role, country, region, time_zone, language, sum(CAST(removed_at IS NULL AS INT)), sum(CAST(removed_at IS NOT NULL AS INT)),
        sum(CAST((invited_at IS NOT NULL AND completed_at IS NULL AND opted_out_at IS NULL AND removed_at IS NULL AND undeliverable_at IS NULL) AS INT))
    FROM added WHERE loading IS NULL GROUP BY round_id, role, country, region, time_zone, language ORDER BY round_id, role, country, region, time_zone, language
    ON CONFLICT (round_id, role, country, region, time_zone, language) DO UPDATE SET
        listed = people_tally.listed + excluded.listed,
        removed = people_tally.removed + excluded.removed,
        not_answered = people_tally.not_answered + excluded.not_answered;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_people_insert AFTER INSERT ON contact REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contact_people_insert();

CREATE FUNCTION contact_people_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE people_tally SET
        listed = listed - CAST((OLD.removed_at IS NULL) AS INT),
        removed = removed - CAST((OLD.removed_at IS NOT NULL) AS INT),
        not_answered = not_answered - CAST((OLD.invited_at IS NOT NULL AND OLD.completed_at IS NULL AND OLD.opted_out_at IS NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL) AS INT)
    WHERE round_id = OLD.round_id AND role = OLD.role AND country = OLD.country AND region = OLD.region AND time_zone = OLD.time_zone
        AND language = OLD.language;
    INSERT INTO people_tally (round_id, role, country, region, time_zone, language, listed, removed, not_answered)
    VALUES (NEW.round_id, NEW.role, NEW.country, NEW.region, NEW.time_zone, NEW.language, CAST((NEW.removed_at IS NULL) AS INT), CAST((NEW.removed_at IS NOT NULL) AS INT),
        CAST((NEW.invited_at IS NOT NULL AND NEW.completed_at IS NULL AND NEW.opted_out_at IS NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL) AS INT))
    ON CONFLICT (round_id, role, country, region, time_zone, language) DO UPDATE SET
        listed = people_tally.listed + excluded.listed,
        removed = people_tally.removed + excluded.removed,
        not_answered = people_tally.not_answered + excluded.not_answered;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_people_update AFTER UPDATE OF role, country, region, time_zone, language, removed_at, invited_at, completed_at, opted_out_at, undeliverable_at ON contact
FOR EACH ROW WHEN (OLD.loading IS NULL AND (OLD.role <> NEW.role OR OLD.country <> NEW.country OR OLD.region <> NEW.region OR OLD.time_zone <> NEW.time_zone
    OR OLD.language <> NEW.language
    OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL)
    OR (OLD.invited_at IS NOT NULL AND OLD.completed_at IS NULL AND OLD.opted_out_at IS NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)
        <> (NEW.invited_at IS NOT NULL AND NEW.completed_at IS NULL AND NEW.opted_out_at IS NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)))
EXECUTE FUNCTION contact_people_update();

-- Whoever has yet to answer, by name.
CREATE INDEX contact_not_answered ON contact (round_id, sort_key, id)
    WHERE invited_at IS NOT NULL AND completed_at IS NULL AND opted_out_at IS NULL AND removed_at IS NULL AND undeliverable_at IS NULL;

-- How many names on the list of an account have findings. Whom a list puts down is counted when its mark goes, as above.
ALTER TABLE account ADD COLUMN to_look_at BIGINT NOT NULL DEFAULT 0;
UPDATE account SET to_look_at = found.n
    FROM (SELECT account_id, count(*) AS n FROM contact WHERE removed_at IS NULL AND findings <> '[]' GROUP BY account_id) AS found
    WHERE account.id = found.account_id;
CREATE INDEX account_to_look_at ON account (round_id, to_look_at) WHERE to_look_at > 0;

CREATE FUNCTION account_found_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account SET to_look_at = account.to_look_at + found.n
    FROM (SELECT account_id, count(*) AS n FROM added WHERE loading IS NULL AND removed_at IS NULL AND findings <> '[]' GROUP BY account_id) AS found
    WHERE account.id = found.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_found_insert AFTER INSERT ON contact REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION account_found_insert();

CREATE FUNCTION account_found_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account SET to_look_at = to_look_at - CAST((id = OLD.account_id AND OLD.removed_at IS NULL AND OLD.findings <> '[]') AS INT)
        + CAST((id = NEW.account_id AND NEW.removed_at IS NULL AND NEW.findings <> '[]') AS INT)
    WHERE id IN (OLD.account_id, NEW.account_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER account_found_update AFTER UPDATE OF findings, removed_at, account_id ON contact
FOR EACH ROW WHEN (OLD.loading IS NULL AND (((OLD.removed_at IS NULL AND OLD.findings <> '[]') <> (NEW.removed_at IS NULL AND NEW.findings <> '[]'))
    OR (OLD.account_id <> NEW.account_id AND NEW.removed_at IS NULL AND NEW.findings <> '[]'))) EXECUTE FUNCTION account_found_update();

-- Where a round has contacts is read from `people_tally`.
DROP INDEX contact_places;
