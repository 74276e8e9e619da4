-- The counters that the dashboard shows, kept in the transaction that changes what they count, whoever changes it.
-- The expressions are those of rules::completion::ContactFlags; `doctor` compares the sums with a full count.
-- A contact never moves to another account.

CREATE TRIGGER contact_insert AFTER INSERT ON contact BEGIN
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

CREATE TRIGGER contact_update AFTER UPDATE OF role, removed_at, invited_at, started_at, completed_at, opted_out_at, undeliverable_at, account_id ON contact BEGIN
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

CREATE TRIGGER account_insert AFTER INSERT ON account BEGIN
    INSERT INTO account_tally (round_id) VALUES (NEW.round_id) ON CONFLICT DO NOTHING;
    UPDATE account_tally SET
        listed = listed + (NEW.listed > 0),
        signed = signed + (NEW.standing = 'signed'),
        signed_names = signed_names + CASE WHEN NEW.standing = 'signed' THEN NEW.listed ELSE 0 END,
        invited = invited + (NEW.invited > 0),
        completed = completed + (NEW.completed > 0)
    WHERE round_id = NEW.round_id;
END;

CREATE TRIGGER account_update AFTER UPDATE OF standing, listed, invited, completed ON account BEGIN
    UPDATE account_tally SET
        listed = listed - (OLD.listed > 0) + (NEW.listed > 0),
        signed = signed - (OLD.standing = 'signed') + (NEW.standing = 'signed'),
        signed_names = signed_names - CASE WHEN OLD.standing = 'signed' THEN OLD.listed ELSE 0 END + CASE WHEN NEW.standing = 'signed' THEN NEW.listed ELSE 0 END,
        invited = invited - (OLD.invited > 0) + (NEW.invited > 0),
        completed = completed - (OLD.completed > 0) + (NEW.completed > 0)
    WHERE round_id = NEW.round_id;
END;

CREATE TRIGGER message_insert AFTER INSERT ON message BEGIN
    INSERT INTO message_tally (lane, state, messages) VALUES (NEW.lane, NEW.state, 1)
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + 1;
END;

CREATE TRIGGER message_update AFTER UPDATE OF state ON message WHEN (OLD.state <> NEW.state) BEGIN
    UPDATE message_tally SET messages = messages - 1 WHERE lane = OLD.lane AND state = OLD.state;
    INSERT INTO message_tally (lane, state, messages) VALUES (NEW.lane, NEW.state, 1)
    ON CONFLICT (lane, state) DO UPDATE SET messages = message_tally.messages + 1;
END;

CREATE TRIGGER handoff_insert AFTER INSERT ON handoff BEGIN
    INSERT INTO handoff_tally (round_id, state, responses) VALUES (NEW.round_id, NEW.state, 1)
    ON CONFLICT (round_id, state) DO UPDATE SET responses = handoff_tally.responses + 1;
END;

CREATE TRIGGER handoff_update AFTER UPDATE OF state ON handoff WHEN (OLD.state <> NEW.state) BEGIN
    UPDATE handoff_tally SET responses = responses - 1 WHERE round_id = OLD.round_id AND state = OLD.state;
    INSERT INTO handoff_tally (round_id, state, responses) VALUES (NEW.round_id, NEW.state, 1)
    ON CONFLICT (round_id, state) DO UPDATE SET responses = handoff_tally.responses + 1;
END;

-- Promise 8: the journal is append-only.
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_keeps BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
