-- How a round goes on: answers and letters by the quarter of an hour, for every time zone begins its days with one; the revenue that has
-- answered; how directors stand beside each other; accounts of which nobody has answered (decision 0057).

-- The first completed response of the account.
ALTER TABLE account ADD COLUMN answered_at INTEGER;
UPDATE account SET answered_at = (SELECT min(c.completed_at) FROM contact c WHERE c.account_id = account.id) WHERE completed > 0;

-- `quarter`: quarters of an hour since 1970. `accounts` and `revenue`: of those whose first answer came in it.
CREATE TABLE answer_tally (
    round_id TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    answers INTEGER NOT NULL DEFAULT 0,
    accounts INTEGER NOT NULL DEFAULT 0,
    revenue INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, quarter)
) WITHOUT ROWID, STRICT;
INSERT INTO answer_tally (round_id, quarter, answers)
    SELECT round_id, completed_at / 900000, count(*) FROM contact WHERE completed_at IS NOT NULL GROUP BY round_id, completed_at / 900000;
UPDATE answer_tally SET accounts = a.n, revenue = a.revenue
    FROM (SELECT round_id, answered_at / 900000 AS quarter, count(*) AS n, sum(COALESCE(annual_revenue, 0)) AS revenue
        FROM account WHERE answered_at IS NOT NULL GROUP BY round_id, answered_at / 900000) AS a
    WHERE a.round_id = answer_tally.round_id AND a.quarter = answer_tally.quarter;

-- Letters to contacts that left and have not come back, by what they were.
CREATE TABLE letter_tally (
    round_id TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, quarter, kind, number)
) WITHOUT ROWID, STRICT;
INSERT INTO letter_tally (round_id, quarter, kind, number, sent)
    SELECT lane, COALESCE(marked_at, settled_at) / 900000, kind, number, count(*) FROM message
    WHERE state = 'sent' AND kind IN ('warm_up', 'invitation', 'reminder') AND COALESCE(marked_at, settled_at) IS NOT NULL
    GROUP BY lane, COALESCE(marked_at, settled_at) / 900000, kind, number;

-- What the accounts are worth in a year of which somebody was invited, and has answered; how many of them do not say it.
CREATE TABLE revenue_tally (
    round_id TEXT PRIMARY KEY,
    invited INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    without_invited INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID, STRICT;
INSERT INTO revenue_tally (round_id, invited, answered, without_invited)
    SELECT round_id, sum(CASE WHEN invited > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END), sum(CASE WHEN completed > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END),
        sum(CASE WHEN invited > 0 AND annual_revenue IS NULL THEN 1 ELSE 0 END) FROM account GROUP BY round_id;

-- Account directors beside each other.
CREATE TABLE director_answers (
    round_id TEXT NOT NULL,
    email TEXT NOT NULL,
    invited INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    reachable INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, email)
) WITHOUT ROWID, STRICT;
INSERT INTO director_answers (round_id, email, invited, answered, reachable, completed)
    SELECT round_id, director_email, sum(CASE WHEN invited > 0 THEN 1 ELSE 0 END), sum(CASE WHEN completed > 0 THEN 1 ELSE 0 END), sum(reachable), sum(completed)
    FROM account GROUP BY round_id, director_email;

CREATE TRIGGER contact_answered AFTER UPDATE OF completed_at ON contact WHEN (OLD.completed_at IS NOT NEW.completed_at) BEGIN
    UPDATE answer_tally SET answers = answers - 1
        WHERE OLD.completed_at IS NOT NULL AND round_id = OLD.round_id AND quarter = OLD.completed_at / 900000;
    INSERT INTO answer_tally (round_id, quarter, answers) SELECT NEW.round_id, NEW.completed_at / 900000, 1 WHERE NEW.completed_at IS NOT NULL
        ON CONFLICT (round_id, quarter) DO UPDATE SET answers = answers + 1;
    UPDATE account SET answered_at = (SELECT min(c.completed_at) FROM contact c WHERE c.account_id = NEW.account_id) WHERE id = NEW.account_id;
END;
-- An answer moves with its contact.
CREATE TRIGGER contact_answer_moved AFTER UPDATE OF account_id ON contact WHEN (OLD.account_id <> NEW.account_id AND NEW.completed_at IS NOT NULL) BEGIN
    UPDATE account SET answered_at = (SELECT min(c.completed_at) FROM contact c WHERE c.account_id = account.id) WHERE id IN (OLD.account_id, NEW.account_id);
END;

CREATE TRIGGER account_answered AFTER UPDATE OF answered_at, annual_revenue ON account
WHEN (OLD.answered_at IS NOT NEW.answered_at OR OLD.annual_revenue IS NOT NEW.annual_revenue) BEGIN
    UPDATE answer_tally SET accounts = accounts - 1, revenue = revenue - COALESCE(OLD.annual_revenue, 0)
        WHERE OLD.answered_at IS NOT NULL AND round_id = OLD.round_id AND quarter = OLD.answered_at / 900000;
    INSERT INTO answer_tally (round_id, quarter, accounts, revenue)
        SELECT NEW.round_id, NEW.answered_at / 900000, 1, COALESCE(NEW.annual_revenue, 0) WHERE NEW.answered_at IS NOT NULL
        ON CONFLICT (round_id, quarter) DO UPDATE SET accounts = accounts + 1, revenue = revenue + excluded.revenue;
END;

CREATE TRIGGER account_worth AFTER UPDATE OF annual_revenue, invited, completed ON account
WHEN (OLD.annual_revenue IS NOT NEW.annual_revenue OR (OLD.invited > 0) <> (NEW.invited > 0) OR (OLD.completed > 0) <> (NEW.completed > 0)) BEGIN
    INSERT INTO revenue_tally (round_id) VALUES (NEW.round_id) ON CONFLICT DO NOTHING;
    UPDATE revenue_tally SET
        invited = invited - CASE WHEN OLD.invited > 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END + CASE WHEN NEW.invited > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END,
        answered = answered - CASE WHEN OLD.completed > 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END + CASE WHEN NEW.completed > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END,
        without_invited = without_invited - CASE WHEN OLD.invited > 0 AND OLD.annual_revenue IS NULL THEN 1 ELSE 0 END + CASE WHEN NEW.invited > 0 AND NEW.annual_revenue IS NULL THEN 1 ELSE 0 END
    WHERE round_id = NEW.round_id;
END;

CREATE TRIGGER account_of_director AFTER UPDATE OF director_email, invited, reachable, completed ON account
WHEN (OLD.director_email <> NEW.director_email OR OLD.reachable <> NEW.reachable OR OLD.completed <> NEW.completed OR (OLD.invited > 0) <> (NEW.invited > 0)) BEGIN
    UPDATE director_answers SET invited = invited - (OLD.invited > 0), answered = answered - (OLD.completed > 0),
        reachable = reachable - OLD.reachable, completed = completed - OLD.completed
        WHERE round_id = OLD.round_id AND email = OLD.director_email;
    INSERT INTO director_answers (round_id, email, invited, answered, reachable, completed)
        VALUES (NEW.round_id, NEW.director_email, NEW.invited > 0, NEW.completed > 0, NEW.reachable, NEW.completed)
        ON CONFLICT (round_id, email) DO UPDATE SET invited = invited + excluded.invited, answered = answered + excluded.answered,
            reachable = reachable + excluded.reachable, completed = completed + excluded.completed;
END;

-- One that comes back later has not reached anybody.
CREATE TRIGGER letter_left AFTER UPDATE OF state ON message
WHEN ((OLD.state = 'sent') <> (NEW.state = 'sent') AND NEW.kind IN ('warm_up', 'invitation', 'reminder')) BEGIN
    UPDATE letter_tally SET sent = sent - 1 WHERE OLD.state = 'sent' AND round_id = OLD.lane
        AND quarter = COALESCE(OLD.marked_at, OLD.settled_at) / 900000 AND kind = OLD.kind AND number = OLD.number;
    INSERT INTO letter_tally (round_id, quarter, kind, number, sent)
        SELECT NEW.lane, COALESCE(NEW.marked_at, NEW.settled_at) / 900000, NEW.kind, NEW.number, 1
        WHERE NEW.state = 'sent' AND COALESCE(NEW.marked_at, NEW.settled_at) IS NOT NULL
        ON CONFLICT (round_id, quarter, kind, number) DO UPDATE SET sent = sent + 1;
END;

-- Accounts of which nobody has answered, the dearest first; and whoever has begun and not ended.
CREATE INDEX account_silent ON account (round_id, (- COALESCE(annual_revenue, 0)), sort_key, id) WHERE invited > 0 AND completed = 0;
CREATE INDEX contact_not_finished ON contact (round_id, started_at) WHERE started_at IS NOT NULL AND completed_at IS NULL;
