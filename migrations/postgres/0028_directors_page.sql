-- What a director has changed on his page, with what stood there before, so that he can take the last change back.
CREATE TABLE name_change (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES round (id),
    account_id TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('corrected', 'removed', 'replaced', 'added', 'kept')),
    by_whom TEXT NOT NULL,
    at BIGINT NOT NULL,
    rows_before TEXT NOT NULL,
    rows_after TEXT NOT NULL,
    taken_back_at BIGINT,
    -- Its number among those of the account: two may be made at one instant.
    n BIGINT NOT NULL,
    UNIQUE (account_id, n)
);

-- A question that was asked on a director's page: its words are those of the reply, and this is what it is about.
CREATE TABLE director_question (
    reply_id TEXT PRIMARY KEY REFERENCES reply (id),
    request_id TEXT NOT NULL REFERENCES request (id),
    account_id TEXT NOT NULL
);
CREATE INDEX director_question_by_request ON director_question (request_id);
