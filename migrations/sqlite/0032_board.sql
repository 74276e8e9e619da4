-- The sign-off board: since when a signature is waited for, and per account director what is signed and what is lost without him (decision 0055).

-- Since when the account waits for whoever is next to sign it; none while nobody was asked, and when it is signed.
ALTER TABLE account ADD COLUMN waits_since INTEGER;
-- Key decision makers whose names are not signed.
ALTER TABLE account ADD COLUMN deciders_left INTEGER NOT NULL DEFAULT 0;
-- By which words the account director is found; the next start fills it in for accounts of an earlier version.
ALTER TABLE account ADD COLUMN director_words TEXT NOT NULL DEFAULT '';
UPDATE account SET deciders_left = (SELECT count(*) FROM contact c WHERE c.account_id = account.id AND c.removed_at IS NULL AND c.loading IS NULL
    AND c.role = 'key_decision_maker' AND c.standing <> 'signed');
-- What an earlier version has asked for waits since it was asked, or since it was signed last, if that is later.
UPDATE account SET waits_since = (SELECT CASE WHEN account.signed_at > q.created_at THEN account.signed_at ELSE q.created_at END FROM request q
        WHERE q.round_id = account.round_id AND q.level = 'director' AND q.email = account.director_email)
    WHERE standing = 'unsigned';
UPDATE account SET waits_since = (SELECT max(s.at) FROM signature s WHERE s.account_id = account.id AND s.level = 'director')
    WHERE standing = 'counter_sign';

-- Kept by the triggers below, whoever changes an account; `doctor` compares it with the accounts.
CREATE TABLE director_tally (
    round_id TEXT NOT NULL,
    email TEXT NOT NULL,
    standing TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    words TEXT NOT NULL,
    accounts INTEGER NOT NULL DEFAULT 0,
    names INTEGER NOT NULL DEFAULT 0,
    names_left INTEGER NOT NULL DEFAULT 0,
    -- Accounts of which no name is signed, what they are worth in a year, and how many of them do not say it.
    silent INTEGER NOT NULL DEFAULT 0,
    revenue INTEGER NOT NULL DEFAULT 0,
    revenue_left INTEGER NOT NULL DEFAULT 0,
    without_revenue INTEGER NOT NULL DEFAULT 0,
    deciders_left INTEGER NOT NULL DEFAULT 0,
    -- Of the account that has waited longest.
    waits_since INTEGER,
    PRIMARY KEY (round_id, email, standing)
) WITHOUT ROWID, STRICT;
CREATE INDEX account_waiting ON account (round_id, director_email, standing, waits_since) WHERE listed > 0;
INSERT INTO director_tally (round_id, email, standing, name, sort_key, words, accounts, names, names_left, silent, revenue, revenue_left, without_revenue, deciders_left, waits_since)
    SELECT a.round_id, a.director_email, a.standing, min(a.director_name), min(a.director_key), '', sum(CASE WHEN a.listed > 0 THEN 1 ELSE 0 END), sum(a.listed), sum(a.listed - a.signed_names), sum(CASE WHEN a.listed > 0 AND a.signed_names = 0 THEN 1 ELSE 0 END), sum(CASE WHEN a.listed > 0 THEN COALESCE(a.annual_revenue, 0) ELSE 0 END), sum(CASE WHEN a.listed > 0 AND a.signed_names = 0 THEN COALESCE(a.annual_revenue, 0) ELSE 0 END), sum(CASE WHEN a.listed > 0 AND a.signed_names = 0 AND a.annual_revenue IS NULL THEN 1 ELSE 0 END), sum(a.deciders_left),
        min(CASE WHEN a.listed > 0 THEN a.waits_since END)
    FROM account a GROUP BY a.round_id, a.director_email, a.standing;

CREATE TRIGGER account_director_insert AFTER INSERT ON account BEGIN
    INSERT INTO director_tally (round_id, email, standing, name, sort_key, words)
        VALUES (NEW.round_id, NEW.director_email, NEW.standing, NEW.director_name, NEW.director_key, NEW.director_words)
        ON CONFLICT DO NOTHING;
    UPDATE director_tally SET name = NEW.director_name, sort_key = NEW.director_key, words = NEW.director_words,
        accounts = accounts + (CASE WHEN NEW.listed > 0 THEN 1 ELSE 0 END),
        names = names + (NEW.listed),
        names_left = names_left + (NEW.listed - NEW.signed_names),
        silent = silent + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 THEN 1 ELSE 0 END),
        revenue = revenue + (CASE WHEN NEW.listed > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END),
        revenue_left = revenue_left + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END),
        without_revenue = without_revenue + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 AND NEW.annual_revenue IS NULL THEN 1 ELSE 0 END),
        deciders_left = deciders_left + (NEW.deciders_left),
        waits_since = (SELECT min(a.waits_since) FROM account a WHERE a.round_id = NEW.round_id AND a.director_email = NEW.director_email AND a.standing = NEW.standing AND a.listed > 0)
    WHERE round_id = NEW.round_id AND email = NEW.director_email AND standing = NEW.standing;
END;
CREATE TRIGGER account_director_update AFTER UPDATE OF standing, signed_names, listed, annual_revenue, director_name, director_email, director_key, director_words, deciders_left, waits_since ON account
WHEN OLD.director_email = NEW.director_email AND OLD.standing = NEW.standing BEGIN
    UPDATE director_tally SET name = NEW.director_name, sort_key = NEW.director_key, words = NEW.director_words,
        accounts = accounts - (CASE WHEN OLD.listed > 0 THEN 1 ELSE 0 END) + (CASE WHEN NEW.listed > 0 THEN 1 ELSE 0 END),
        names = names - (OLD.listed) + (NEW.listed),
        names_left = names_left - (OLD.listed - OLD.signed_names) + (NEW.listed - NEW.signed_names),
        silent = silent - (CASE WHEN OLD.listed > 0 AND OLD.signed_names = 0 THEN 1 ELSE 0 END) + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 THEN 1 ELSE 0 END),
        revenue = revenue - (CASE WHEN OLD.listed > 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END) + (CASE WHEN NEW.listed > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END),
        revenue_left = revenue_left - (CASE WHEN OLD.listed > 0 AND OLD.signed_names = 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END) + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END),
        without_revenue = without_revenue - (CASE WHEN OLD.listed > 0 AND OLD.signed_names = 0 AND OLD.annual_revenue IS NULL THEN 1 ELSE 0 END) + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 AND NEW.annual_revenue IS NULL THEN 1 ELSE 0 END),
        deciders_left = deciders_left - (OLD.deciders_left) + (NEW.deciders_left),
        waits_since = (SELECT min(a.waits_since) FROM account a WHERE a.round_id = NEW.round_id AND a.director_email = NEW.director_email AND a.standing = NEW.standing AND a.listed > 0)
    WHERE round_id = NEW.round_id AND email = NEW.director_email AND standing = NEW.standing;
END;
CREATE TRIGGER account_director_change AFTER UPDATE OF standing, director_email ON account
WHEN NOT (OLD.director_email = NEW.director_email AND OLD.standing = NEW.standing) BEGIN
    UPDATE director_tally SET
        accounts = accounts - (CASE WHEN OLD.listed > 0 THEN 1 ELSE 0 END),
        names = names - (OLD.listed),
        names_left = names_left - (OLD.listed - OLD.signed_names),
        silent = silent - (CASE WHEN OLD.listed > 0 AND OLD.signed_names = 0 THEN 1 ELSE 0 END),
        revenue = revenue - (CASE WHEN OLD.listed > 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END),
        revenue_left = revenue_left - (CASE WHEN OLD.listed > 0 AND OLD.signed_names = 0 THEN COALESCE(OLD.annual_revenue, 0) ELSE 0 END),
        without_revenue = without_revenue - (CASE WHEN OLD.listed > 0 AND OLD.signed_names = 0 AND OLD.annual_revenue IS NULL THEN 1 ELSE 0 END),
        deciders_left = deciders_left - (OLD.deciders_left),
        waits_since = (SELECT min(a.waits_since) FROM account a WHERE a.round_id = OLD.round_id AND a.director_email = OLD.director_email AND a.standing = OLD.standing AND a.listed > 0)
    WHERE round_id = OLD.round_id AND email = OLD.director_email AND standing = OLD.standing;
    INSERT INTO director_tally (round_id, email, standing, name, sort_key, words)
        VALUES (NEW.round_id, NEW.director_email, NEW.standing, NEW.director_name, NEW.director_key, NEW.director_words)
        ON CONFLICT DO NOTHING;
    UPDATE director_tally SET name = NEW.director_name, sort_key = NEW.director_key, words = NEW.director_words,
        accounts = accounts + (CASE WHEN NEW.listed > 0 THEN 1 ELSE 0 END),
        names = names + (NEW.listed),
        names_left = names_left + (NEW.listed - NEW.signed_names),
        silent = silent + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 THEN 1 ELSE 0 END),
        revenue = revenue + (CASE WHEN NEW.listed > 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END),
        revenue_left = revenue_left + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 THEN COALESCE(NEW.annual_revenue, 0) ELSE 0 END),
        without_revenue = without_revenue + (CASE WHEN NEW.listed > 0 AND NEW.signed_names = 0 AND NEW.annual_revenue IS NULL THEN 1 ELSE 0 END),
        deciders_left = deciders_left + (NEW.deciders_left),
        waits_since = (SELECT min(a.waits_since) FROM account a WHERE a.round_id = NEW.round_id AND a.director_email = NEW.director_email AND a.standing = NEW.standing AND a.listed > 0)
    WHERE round_id = NEW.round_id AND email = NEW.director_email AND standing = NEW.standing;
END;

-- The board in each of its orders, with what its filters ask for.
DROP INDEX account_on_board;
CREATE INDEX account_on_board ON account (round_id, (CASE standing WHEN 'signed' THEN 1 ELSE 0 END), director_key, director_email, sort_key, id, standing, waits_since)
    WHERE listed > 0;
CREATE INDEX account_listed ON account (round_id, sort_key, id, standing, waits_since) WHERE listed > 0;
CREATE INDEX account_by_names_left ON account (round_id, (signed_names - listed), sort_key, id, standing, waits_since) WHERE listed > 0;
CREATE INDEX account_by_wait ON account (round_id, COALESCE(waits_since, 9007199254740991), sort_key, id, standing, waits_since) WHERE listed > 0;
CREATE INDEX account_by_revenue ON account (round_id, (- COALESCE(annual_revenue, 0)), sort_key, id, standing, waits_since) WHERE listed > 0;

-- A summary of where the signatures of a round stand, and who was sent it.
CREATE TABLE signing_summary (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    sent_by TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX signing_summary_by_round ON signing_summary (round_id, at);
