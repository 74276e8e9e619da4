-- F21: whether an earlier claim of this message ended with its program (1), or whether it is being made alone (2).
ALTER TABLE message ADD COLUMN suspect INTEGER NOT NULL DEFAULT 0;
