-- What was changed last in each stage of each round, by the number of the commit, for the other programs on this database.
CREATE TABLE change (
    -- Empty: of no round, or of any.
    round TEXT NOT NULL,
    stage TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (round, stage)
);
CREATE INDEX change_seq ON change (seq);
