-- The pace: who receives the mail of a domain, how we stand with each gateway, what has been used of each limit, and who goes first.

-- Behind which gateway a domain is, as name servers said.
CREATE TABLE mail_domain (
    domain TEXT PRIMARY KEY,
    gateway TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    ask_again_at BIGINT NOT NULL,
    -- Since when it is said that there is no such domain, or that it takes no mail; and what was said.
    refused_since BIGINT,
    said TEXT NOT NULL
);
CREATE INDEX mail_domain_by_gateway ON mail_domain (gateway, domain);

-- A gateway that was slowed or held at some time; one without a row is in good standing.
CREATE TABLE gateway (
    name TEXT PRIMARY KEY,
    slowed BIGINT NOT NULL,
    slowed_at BIGINT,
    suspect_at BIGINT,
    holds BIGINT NOT NULL,
    held_at BIGINT,
    held_until BIGINT,
    -- The operator who holds it; empty: nobody.
    held_by TEXT NOT NULL,
    said TEXT NOT NULL
);

-- What has been used of a limit: of a gateway by its name, of a round by its id, of all together as 'all', of a sender's domain as 'from DOMAIN'.
CREATE TABLE budget (
    name TEXT PRIMARY KEY,
    free_at BIGINT NOT NULL,
    -- The day, counted from 1970 in UTC, on which so many messages were let go; and on how many days any were.
    day BIGINT NOT NULL,
    today BIGINT NOT NULL,
    days BIGINT NOT NULL
);

-- The first message of a round to a gateway, which goes alone.
CREATE TABLE canary (
    round_id TEXT NOT NULL REFERENCES round (id),
    gateway TEXT NOT NULL,
    message_id TEXT NOT NULL REFERENCES message (id),
    since BIGINT NOT NULL,
    passed_at BIGINT,
    PRIMARY KEY (round_id, gateway)
);
CREATE INDEX canary_by_gateway ON canary (gateway, round_id);

-- A message that waits in the queue of a budget: of which, and its place. It waits there as long as it is due at its place.
ALTER TABLE message ADD COLUMN waits_at TEXT;
ALTER TABLE message ADD COLUMN place BIGINT;
CREATE INDEX message_waiting ON message (waits_at, due_at) WHERE state = 'planned' AND place = due_at;
