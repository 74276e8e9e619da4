-- The counters that the dashboard shows, kept in the transaction that changes what they count, whoever changes it.
-- The expressions are those of rules::completion::ContactFlags; `doctor` compares the sums with a full count.
-- A contact never moves to another account.

CREATE FUNCTION contact_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally (round_id, role) VALUES (NEW.round_id, NEW.role) ON CONFLICT DO NOTHING;
    UPDATE tally SET
        listed = listed + CAST((NEW.removed_at IS NULL) AS INT),
        invited = invited + CAST((NEW.invited_at IS NOT NULL) AS INT),
        reachable = reachable + CAST((NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)) AS INT),
        started = started + CAST((NEW.started_at IS NOT NULL) AS INT),
        completed = completed + CAST((NEW.completed_at IS NOT NULL) AS INT),
        opted_out = opted_out + CAST((NEW.opted_out_at IS NOT NULL) AS INT),
        undeliverable = undeliverable + CAST((NEW.undeliverable_at IS NOT NULL) AS INT)
    WHERE round_id = NEW.round_id AND role = NEW.role;
    UPDATE account SET
        listed = listed + CAST((NEW.removed_at IS NULL) AS INT),
        invited = invited + CAST((NEW.invited_at IS NOT NULL) AS INT),
        reachable = reachable + CAST((NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)) AS INT),
        started = started + CAST((NEW.started_at IS NOT NULL) AS INT),
        completed = completed + CAST((NEW.completed_at IS NOT NULL) AS INT)
    WHERE id = NEW.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_insert AFTER INSERT ON contact FOR EACH ROW EXECUTE FUNCTION contact_insert();

CREATE FUNCTION contact_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally (round_id, role) VALUES (NEW.round_id, NEW.role) ON CONFLICT DO NOTHING;
    UPDATE tally SET
        listed = listed - CAST((OLD.removed_at IS NULL) AS INT),
        invited = invited - CAST((OLD.invited_at IS NOT NULL) AS INT),
        reachable = reachable - CAST((OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)) AS INT),
        started = started - CAST((OLD.started_at IS NOT NULL) AS INT),
        completed = completed - CAST((OLD.completed_at IS NOT NULL) AS INT),
        opted_out = opted_out - CAST((OLD.opted_out_at IS NOT NULL) AS INT),
        undeliverable = undeliverable - CAST((OLD.undeliverable_at IS NOT NULL) AS INT)
    WHERE round_id = OLD.round_id AND role = OLD.role;
    UPDATE tally SET
        listed = listed + CAST((NEW.removed_at IS NULL) AS INT),
        invited = invited + CAST((NEW.invited_at IS NOT NULL) AS INT),
        reachable = reachable + CAST((NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)) AS INT),
        started = started + CAST((NEW.started_at IS NOT NULL) AS INT),
        completed = completed + CAST((NEW.completed_at IS NOT NULL) AS INT),
        opted_out = opted_out + CAST((NEW.opted_out_at IS NOT NULL) AS INT),
        undeliverable = undeliverable + CAST((NEW.undeliverable_at IS NOT NULL) AS INT)
    WHERE round_id = NEW.round_id AND role = NEW.role;
    UPDATE account SET
        listed = listed - CAST((OLD.removed_at IS NULL) AS INT) + CAST((NEW.removed_at IS NULL) AS INT),
        invited = invited - CAST((OLD.invited_at IS NOT NULL) AS INT) + CAST((NEW.invited_at IS NOT NULL) AS INT),
        reachable = reachable - CAST((OLD.completed_at IS NOT NULL OR (OLD.invited_at IS NOT NULL AND OLD.removed_at IS NULL AND OLD.undeliverable_at IS NULL)) AS INT) + CAST((NEW.completed_at IS NOT NULL OR (NEW.invited_at IS NOT NULL AND NEW.removed_at IS NULL AND NEW.undeliverable_at IS NULL)) AS INT),
        started = started - CAST((OLD.started_at IS NOT NULL) AS INT) + CAST((NEW.started_at IS NOT NULL) AS INT),
        completed = completed - CAST((OLD.completed_at IS NOT NULL) AS INT) + CAST((NEW.completed_at IS NOT NULL) AS INT)
    WHERE id = NEW.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_update AFTER UPDATE OF role, removed_at, invited_at, started_at, completed_at, opted_out_at, undeliverable_at, account_id ON contact FOR EACH ROW EXECUTE FUNCTION contact_update();

CREATE FUNCTION account_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_tally (round_id) VALUES (NEW.round_id) ON CONFLICT DO NOTHING;
    UPDATE account_tally SET
        listed = listed + CAST((NEW.listed > 0) AS INT),
        signed = signed + CAST((NEW.standing = 'signed') AS INT),
        signed_names = signed_names + CASE WHEN NEW.standing = 'signed' THEN NEW.listed ELSE 0 END,
        invited = invited + CAST((NEW.invited > 0) AS INT),
        completed = completed + CAST((NEW.completed > 0) AS INT)
    WHERE round_id = NEW.round_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_insert AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION account_insert();

CREATE FUNCTION account_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account_tally SET
        listed = listed - CAST((OLD.listed > 0) AS INT) + CAST((NEW.listed > 0) AS INT),
        signed = signed - CAST((OLD.standing = 'signed') AS INT) + CAST((NEW.standing = 'signed') AS INT),
        signed_names = signed_names - CASE WHEN OLD.standing = 'signed' THEN OLD.listed ELSE 0 END + CASE WHEN NEW.standing = 'signed' THEN NEW.listed ELSE 0 END,
        invited = invited - CAST((OLD.invited > 0) AS INT) + CAST((NEW.invited > 0) AS INT),
        completed = completed - CAST((OLD.completed > 0) AS INT) + CAST((NEW.completed > 0) AS INT)
    WHERE round_id = NEW.round_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_update AFTER UPDATE OF standing, listed, invited, completed ON account FOR EACH ROW EXECUTE FUNCTION account_update();

CREATE FUNCTION message_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO message_tally (lane, state, messages) VALUES (NEW.lane, NEW.state, 1)
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER message_insert AFTER INSERT ON message FOR EACH ROW EXECUTE FUNCTION message_insert();

CREATE FUNCTION message_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message_tally SET messages = messages - 1 WHERE lane = OLD.lane AND state = OLD.state;
    INSERT INTO message_tally (lane, state, messages) VALUES (NEW.lane, NEW.state, 1)
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER message_update AFTER UPDATE OF state ON message FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION message_update();

CREATE FUNCTION handoff_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO handoff_tally (round_id, state, responses) VALUES (NEW.round_id, NEW.state, 1)
    ON CONFLICT (round_id, state) DO UPDATE SET responses = handoff_tally.responses + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER handoff_insert AFTER INSERT ON handoff FOR EACH ROW EXECUTE FUNCTION handoff_insert();

CREATE FUNCTION handoff_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE handoff_tally SET responses = responses - 1 WHERE round_id = OLD.round_id AND state = OLD.state;
    INSERT INTO handoff_tally (round_id, state, responses) VALUES (NEW.round_id, NEW.state, 1)
    ON CONFLICT (round_id, state) DO UPDATE SET responses = handoff_tally.responses + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER handoff_update AFTER UPDATE OF state ON handoff FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION handoff_update();

-- Promise 8: the journal is append-only.
CREATE FUNCTION journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END
$$;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION journal_stays();
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_stays();
-- SQLite has no TRUNCATE.
CREATE TRIGGER journal_is_not_truncated BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION journal_stays();
