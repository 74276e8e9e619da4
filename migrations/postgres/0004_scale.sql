-- The order in which the plan looks at contacts, whole: of a hundred thousand who are due at one instant, the first thousand are read,
-- not sorted out of all of them.
DROP INDEX contact_to_look_at;
CREATE INDEX contact_to_look_at ON contact (round_id, look_at, id) WHERE look_at IS NOT NULL;

-- Counters of what comes by the thousand are kept per statement: a counter that is changed for every row of a transaction leaves a
-- version behind each time, and every later change steps over all of them.
DROP TRIGGER contact_insert ON contact;
CREATE OR REPLACE FUNCTION contact_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally (round_id, role, listed, invited, reachable, started, completed, opted_out, undeliverable)
    SELECT round_id, role, sum(CAST(removed_at IS NULL AS INT)), sum(CAST(invited_at IS NOT NULL AS INT)),
        sum(CAST((completed_at IS NOT NULL OR (invited_at IS NOT NULL AND removed_at IS NULL AND undeliverable_at IS NULL)) AS INT)),
        sum(CAST(started_at IS NOT NULL AS INT)), sum(CAST(completed_at IS NOT NULL AS INT)),
        sum(CAST(opted_out_at IS NOT NULL AS INT)), sum(CAST(undeliverable_at IS NOT NULL AS INT))
    FROM added GROUP BY round_id, role
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
        FROM added GROUP BY account_id) AS a
    WHERE account.id = a.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_insert AFTER INSERT ON contact REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contact_insert();

DROP TRIGGER message_insert ON message;
CREATE OR REPLACE FUNCTION message_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_tally (lane, state, messages) SELECT lane, state, count(*) FROM added GROUP BY lane, state
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + excluded.messages;
    RETURN NULL;
END
$$;
CREATE TRIGGER message_insert AFTER INSERT ON message REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION message_insert();

DROP TRIGGER message_update ON message;
CREATE OR REPLACE FUNCTION message_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_tally (lane, state, messages)
    SELECT lane, state, sum(n) FROM (
        SELECT lane, state, -1 AS n FROM before UNION ALL SELECT lane, state, 1 AS n FROM changed) AS moved
    GROUP BY lane, state HAVING sum(n) <> 0
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + excluded.messages;
    RETURN NULL;
END
$$;
CREATE TRIGGER message_update AFTER UPDATE ON message REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION message_update();
