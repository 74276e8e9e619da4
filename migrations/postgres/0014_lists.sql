-- Folders that are loaded again beside a console that edits the round: what the folder said at its last load, so that it can be told whose a
-- difference is, and who made each version of the settings and words.

-- JSON: settings, words and questionnaire as the folder had them; none where no load has been since.
ALTER TABLE round ADD COLUMN loaded TEXT;
ALTER TABLE plan_history ADD COLUMN actor TEXT;
