-- The page of accounts: when an account was last written to, which roles of it have answered, its orders and filters; and what was done to
-- many contacts at one press (decision 0059).

-- The last message to any of its people, kept to the quarter of an hour: one round writes to all of an account within minutes, and only the
-- first of these messages is worth a change.
ALTER TABLE account ADD COLUMN last_sent_at INTEGER;
-- Roles of which somebody has completed: 1 key decision maker, 2 influencer, 4 operational contact, 8 not known.
ALTER TABLE account ADD COLUMN roles_answered INTEGER NOT NULL DEFAULT 0;
UPDATE account SET
    last_sent_at = (SELECT max(c.last_sent_at) FROM contact c WHERE c.account_id = account.id),
    roles_answered = (SELECT COALESCE(sum(DISTINCT CASE c.role WHEN 'key_decision_maker' THEN 1 WHEN 'influencer' THEN 2 WHEN 'operational_contact' THEN 4 ELSE 8 END), 0)
        FROM contact c WHERE c.account_id = account.id AND c.completed_at IS NOT NULL);

CREATE TRIGGER account_written_to AFTER UPDATE OF last_sent_at ON contact WHEN (OLD.last_sent_at IS NOT NEW.last_sent_at) BEGIN
    UPDATE account SET last_sent_at = NEW.last_sent_at WHERE id = NEW.account_id AND (last_sent_at IS NULL OR last_sent_at + 900000 <= NEW.last_sent_at);
END;
CREATE TRIGGER account_roles AFTER UPDATE OF completed_at, role ON contact
WHEN ((OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL) OR (OLD.role <> NEW.role AND NEW.completed_at IS NOT NULL)) BEGIN
    UPDATE account SET roles_answered = (SELECT COALESCE(sum(DISTINCT CASE c.role WHEN 'key_decision_maker' THEN 1 WHEN 'influencer' THEN 2 WHEN 'operational_contact' THEN 4 ELSE 8 END), 0)
        FROM contact c WHERE c.account_id = account.id AND c.completed_at IS NOT NULL) WHERE id = NEW.account_id;
END;
-- Both move with their contact.
CREATE TRIGGER account_left_and_joined AFTER UPDATE OF account_id ON contact
WHEN (OLD.account_id <> NEW.account_id AND (NEW.completed_at IS NOT NULL OR NEW.last_sent_at IS NOT NULL)) BEGIN
    UPDATE account SET
        last_sent_at = (SELECT max(c.last_sent_at) FROM contact c WHERE c.account_id = account.id),
        roles_answered = (SELECT COALESCE(sum(DISTINCT CASE c.role WHEN 'key_decision_maker' THEN 1 WHEN 'influencer' THEN 2 WHEN 'operational_contact' THEN 4 ELSE 8 END), 0)
            FROM contact c WHERE c.account_id = account.id AND c.completed_at IS NOT NULL)
    WHERE id IN (OLD.account_id, NEW.account_id);
END;

-- The page in each of its orders; by name and by revenue the board has them.
CREATE INDEX account_by_rate ON account (round_id, (CASE WHEN reachable > 0 THEN completed * 10000 / reachable ELSE 10001 END), sort_key, id) WHERE listed > 0;
CREATE INDEX account_by_director_name ON account (round_id, director_key, director_email, sort_key, id) WHERE listed > 0;
DROP INDEX account_by_manager;
CREATE INDEX account_by_manager ON account (round_id, manager_email, sort_key, id);
CREATE INDEX account_by_last_sent ON account (round_id, COALESCE(last_sent_at, 0), sort_key, id) WHERE listed > 0;
-- Its filters: strategic accounts, and those of which no one of a role, or nobody at all, has answered.
CREATE INDEX account_strategic ON account (round_id, sort_key, id) WHERE strategic = 1 AND listed > 0;
CREATE INDEX account_by_roles ON account (round_id, roles_answered, id) WHERE invited > 0 AND listed > 0;

-- What an operator has done to many contacts at one press, and what became of each.
CREATE TABLE bulk (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    -- `rules::contacts::bulk::Act`
    act TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- How many were chosen.
    chosen INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The one that it takes back.
    undoes TEXT
) STRICT;
CREATE INDEX bulk_by_round ON bulk (round_id, at);
CREATE UNIQUE INDEX bulk_undone_once ON bulk (undoes) WHERE undoes IS NOT NULL;
CREATE TABLE bulk_contact (
    bulk_id TEXT NOT NULL REFERENCES bulk (id),
    contact_id TEXT NOT NULL,
    -- `rules::contacts::bulk::WhyNot`; none where it was done.
    why TEXT,
    PRIMARY KEY (bulk_id, contact_id)
) WITHOUT ROWID, STRICT;
