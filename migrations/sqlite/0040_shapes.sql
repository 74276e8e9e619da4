-- How many accounts of a round, and of each of its directors, were invited with so many people of whom so many have answered: which numbers
-- of a round that tells no names may stand beside each other follows from this, and never from its accounts one by one (decision 0062).

-- `director_email`: empty for the whole round. Kept by the trigger below, whoever changes an account; `doctor` compares it with the
-- accounts.
CREATE TABLE account_shape (
    round_id TEXT NOT NULL,
    director_email TEXT NOT NULL,
    invited INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    accounts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, director_email, invited, completed)
) WITHOUT ROWID, STRICT;
INSERT INTO account_shape (round_id, director_email, invited, completed, accounts)
    SELECT round_id, director_email, invited, completed, count(*) FROM account WHERE invited > 0 OR completed > 0
    GROUP BY round_id, director_email, invited, completed;
INSERT INTO account_shape (round_id, director_email, invited, completed, accounts)
    SELECT round_id, '', invited, completed, count(*) FROM account WHERE invited > 0 OR completed > 0
    GROUP BY round_id, invited, completed;

-- An account begins with nobody invited.
CREATE TRIGGER account_shaped AFTER UPDATE OF director_email, invited, completed ON account
WHEN (OLD.director_email <> NEW.director_email OR OLD.invited <> NEW.invited OR OLD.completed <> NEW.completed) BEGIN
    UPDATE account_shape SET accounts = accounts - 1
        WHERE round_id = OLD.round_id AND director_email IN ('', OLD.director_email)
            AND invited = OLD.invited AND completed = OLD.completed;
    INSERT INTO account_shape (round_id, director_email, invited, completed, accounts)
        SELECT NEW.round_id, '', NEW.invited, NEW.completed, 1 WHERE NEW.invited > 0 OR NEW.completed > 0
        ON CONFLICT (round_id, director_email, invited, completed) DO UPDATE SET accounts = accounts + 1;
    INSERT INTO account_shape (round_id, director_email, invited, completed, accounts)
        SELECT NEW.round_id, NEW.director_email, NEW.invited, NEW.completed, 1 WHERE NEW.invited > 0 OR NEW.completed > 0
        ON CONFLICT (round_id, director_email, invited, completed) DO UPDATE SET accounts = accounts + 1;
END;
