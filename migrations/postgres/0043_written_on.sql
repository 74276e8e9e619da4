-- The day on which a mail was written as it says itself, said where it is quoted. None: of a mail that says none, and of those read before.
ALTER TABLE reply ADD COLUMN written_on TEXT;
