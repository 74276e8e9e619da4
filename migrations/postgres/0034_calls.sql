-- Telephone calls to contacts: what became of each, who means to call whom today, who stood on the list of a day (decision 0058).

-- No reminder before this instant, for somebody has called; and since when none goes any more.
ALTER TABLE contact ADD COLUMN left_alone_until BIGINT;
ALTER TABLE contact ADD COLUMN not_chased_at BIGINT;

CREATE TABLE telephone_call (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    contact_id TEXT NOT NULL REFERENCES contact (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('called', 'will_answer', 'on_leave', 'wrong_person', 'has_left', 'do_not_chase')),
    -- The day that was said, where the contact is; none where none was.
    day TEXT,
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- What it has changed stood so before.
    before_until BIGINT,
    taken_back_at BIGINT,
    taken_back_by TEXT
);
CREATE INDEX telephone_call_by_contact ON telephone_call (contact_id, at, id);
CREATE INDEX telephone_call_lately ON telephone_call (round_id, at, id) WHERE taken_back_at IS NULL;

CREATE TABLE call_reserved (
    contact_id TEXT PRIMARY KEY REFERENCES contact (id),
    round_id TEXT NOT NULL REFERENCES round (id),
    caller TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX call_reserved_now ON call_reserved (round_id, until);

-- The first places of the call list as it stood when the first call of a day was recorded. `day`: days since 1970 in the round's own zone.
CREATE TABLE call_listed (
    round_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    place BIGINT NOT NULL,
    contact_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (round_id, day, place)
);

-- Accounts of which some have answered and others have not, the dearest first.
CREATE INDEX account_half_answered ON account (round_id, (- COALESCE(annual_revenue, 0)), sort_key, id) WHERE completed > 0 AND reachable > completed;
