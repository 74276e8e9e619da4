-- How a round goes on: answers and letters by the quarter of an hour, for every time zone begins its days with one; the revenue that has
-- answered; how directors stand beside each other; accounts of which nobody has answered (decision 0057).

-- The first completed response of the account.
ALTER TABLE account ADD COLUMN answered_at BIGINT;
UPDATE account SET answered_at = (SELECT min(c.completed_at) FROM contact c WHERE c.account_id = account.id) WHERE completed > 0;

-- `quarter`: quarters of an hour since 1970. `accounts` and `revenue`: of those whose first answer came in it.
CREATE TABLE answer_tally (
    round_id TEXT NOT NULL,
    quarter BIGINT NOT NULL,
    answers BIGINT NOT NULL DEFAULT 0,
    accounts BIGINT NOT NULL DEFAULT 0,
    revenue BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, quarter)
);
INSERT INTO answer_tally (round_id, quarter, answers)
    SELECT round_id, completed_at / 900000, count(*) FROM contact WHERE completed_at IS NOT NULL GROUP BY round_id, completed_at / 900000;
UPDATE answer_tally SET accounts = a.n, revenue = a.revenue
    FROM (SELECT round_id, answered_at / 900000 AS quarter, count(*) AS n, sum(COALESCE(annual_revenue, 0)) AS revenue
        FROM account WHERE answered_at IS NOT NULL GROUP BY round_id, answered_at / 900000) AS a
    WHERE a.round_id = answer_tally.round_id AND a.quarter = answer_tally.quarter;

-- Letters to contacts that left and have not come back, by what they were.
CREATE TABLE letter_tally (
    round_id TEXT NOT NULL,
    quarter BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    sent BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, quarter, kind, number)
);
INSERT INTO letter_tally (round_id, quarter, kind, number, sent)
    SELECT lane, COALESCE(marked_at, settled_at) / 900000, kind, number, count(*) FROM message
    WHERE state = 'sent' AND kind IN ('warm_up', 'invitation', 'reminder') AND COALESCE(marked_at, settled_at) IS NOT NULL
    GROUP BY lane, COALESCE(marked_at, settled_at) / 900000, kind, number;

-- What the accounts are worth in a year of which somebody was invited, and has answered; how many of them do not say it.
CREATE TABLE revenue_tally (
    round_id TEXT PRIMARY KEY,
    invited BIGINT NOT NULL DEFAULT 0,
    answered BIGINT NOT NULL DEFAULT 0,
    without_invited BIGINT NOT NULL DEFAULT 0
);
INSERT INTO revenue_tally (round_id, invited, answered, without_invited)
    SELECT round_id, sum(CASE WHEN invited > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END), sum(CASE WHEN completed > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END),
        sum(CASE WHEN invited > 0 AND annual_revenue IS NULL THEN 1 ELSE 0 END) FROM account GROUP BY round_id;

-- Account directors beside each other.
CREATE TABLE director_answers (
    round_id TEXT NOT NULL,
    email TEXT NOT NULL,
    invited BIGINT NOT NULL DEFAULT 0,
    answered BIGINT NOT NULL DEFAULT 0,
    reachable BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, email)
);
INSERT INTO director_answers (round_id, email, invited, answered, reachable, completed)
    SELECT round_id, director_email, sum(CASE WHEN invited > 0 THEN 1 ELSE 0 END), sum(CASE WHEN completed > 0 THEN 1 ELSE 0 END), sum(reachable), sum(completed)
    FROM account GROUP BY round_id, director_email;

CREATE FUNCTION contact_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE answer_tally SET answers = answers - 1
        WHERE OLD.completed_at IS NOT NULL AND round_id = OLD.round_id AND quarter = OLD.completed_at / 900000;
    INSERT INTO answer_tally (round_id, quarter, answers) SELECT NEW.round_id, NEW.completed_at / 900000, 1 WHERE NEW.completed_at IS NOT NULL
        ON CONFLICT (round_id, quarter) DO UPDATE SET answers = answer_tally.answers + 1;
    UPDATE account SET answered_at = (SELECT min(c.completed_at) FROM contact c WHERE c.account_id = NEW.account_id) WHERE id = NEW.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_answered AFTER UPDATE OF completed_at ON contact FOR EACH ROW WHEN (OLD.completed_at IS DISTINCT FROM NEW.completed_at) EXECUTE FUNCTION contact_answered();

-- An answer moves with its contact.
CREATE FUNCTION contact_answer_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE account SET answered_at = (SELECT min(c.completed_at) FROM contact c WHERE c.account_id = account.id) WHERE id IN (OLD.account_id, NEW.account_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER contact_answer_moved AFTER UPDATE OF account_id ON contact FOR EACH ROW WHEN (OLD.account_id <> NEW.account_id AND NEW.completed_at IS NOT NULL) EXECUTE FUNCTION contact_answer_moved();

CREATE FUNCTION account_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE answer_tally SET accounts = accounts - 1, revenue = revenue - COALESCE(OLD.annual_revenue, 0)
        WHERE OLD.answered_at IS NOT NULL AND round_id = OLD.round_id AND quarter = OLD.answered_at / 900000;
    INSERT INTO answer_tally (round_id, quarter, accounts, revenue)
        SELECT NEW.round_id, NEW.answered_at / 900000, 1, COALESCE(NEW.annual_revenue, 0) WHERE NEW.answered_at IS NOT NULL
        ON CONFLICT (round_id, quarter) DO UPDATE SET accounts = answer_tally.accounts + 1, revenue = answer_tally.revenue + excluded.revenue;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_answered AFTER UPDATE OF answered_at, annual_revenue ON account FOR EACH ROW WHEN (OLD.answered_at IS DISTINCT FROM NEW.answered_at OR OLD.annual_revenue IS DISTINCT FROM NEW.annual_revenue) EXECUTE FUNCTION account_answered();

CREATE FUNCTION account_worth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revenue_tally (round_id) VALUES (NEW.round_id) ON CONFLICT DO NOTHING;
    UPDATE revenue_tally SET
        invited = invited - CASE WHEN OLD.invited > 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END + CASE WHEN NEW.invited > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END,
        answered = answered - CASE WHEN OLD.completed > 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END + CASE WHEN NEW.completed > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END,
        without_invited = without_invited - CASE WHEN OLD.invited > 0 AND OLD.annual_revenue IS NULL THEN 1 ELSE 0 END + CASE WHEN NEW.invited > 0 AND NEW.annual_revenue IS NULL THEN 1 ELSE 0 END
    WHERE round_id = NEW.round_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_worth AFTER UPDATE OF annual_revenue, invited, completed ON account FOR EACH ROW WHEN (OLD.annual_revenue IS DISTINCT FROM NEW.annual_revenue OR (OLD.invited > 0) <> (NEW.invited > 0) OR (OLD.completed > 0) <> (NEW.completed > 0)) EXECUTE FUNCTION account_worth();

CREATE FUNCTION account_of_director() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE director_answers SET invited = invited - CAST((OLD.invited > 0) AS INT), answered = answered - CAST((OLD.completed > 0) AS INT),
        reachable = reachable - OLD.reachable, completed = completed - OLD.completed
        WHERE round_id = OLD.round_id AND email = OLD.director_email;
    INSERT INTO director_answers (round_id, email, invited, answered, reachable, completed)
        VALUES (NEW.round_id, NEW.director_email, CAST((NEW.invited > 0) AS INT), CAST((NEW.completed > 0) AS INT), NEW.reachable, NEW.completed)
        ON CONFLICT (round_id, email) DO UPDATE SET invited = director_answers.invited + excluded.invited, answered = director_answers.answered + excluded.answered,
            reachable = director_answers.reachable + excluded.reachable, completed = director_answers.completed + excluded.completed;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_of_director AFTER UPDATE OF director_email, invited, reachable, completed ON account FOR EACH ROW WHEN (OLD.director_email <> NEW.director_email OR OLD.reachable <> NEW.reachable OR OLD.completed <> NEW.completed OR (OLD.invited > 0) <> (NEW.invited > 0)) EXECUTE FUNCTION account_of_director();

-- One that comes back later has not reached anybody.
CREATE FUNCTION letter_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE letter_tally SET sent = sent - 1 WHERE OLD.state = 'sent' AND round_id = OLD.lane
        AND quarter = COALESCE(OLD.marked_at, OLD.settled_at) / 900000 AND kind = OLD.kind AND number = OLD.number;
    INSERT INTO letter_tally (round_id, quarter, kind, number, sent)
        SELECT NEW.lane, COALESCE(NEW.marked_at, NEW.settled_at) / 900000, NEW.kind, NEW.number, 1
        WHERE NEW.state = 'sent' AND COALESCE(NEW.marked_at, NEW.settled_at) IS NOT NULL
        ON CONFLICT (round_id, quarter, kind, number) DO UPDATE SET sent = letter_tally.sent + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER letter_left AFTER UPDATE OF state ON message FOR EACH ROW WHEN ((OLD.state = 'sent') <> (NEW.state = 'sent') AND NEW.kind IN ('warm_up', 'invitation', 'reminder')) EXECUTE FUNCTION letter_left();

-- Accounts of which nobody has answered, the dearest first; and whoever has begun and not ended.
CREATE INDEX account_silent ON account (round_id, (- COALESCE(annual_revenue, 0)), sort_key, id) WHERE invited > 0 AND completed = 0;
CREATE INDEX contact_not_finished ON contact (round_id, started_at) WHERE started_at IS NOT NULL AND completed_at IS NULL;
