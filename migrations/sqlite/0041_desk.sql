-- To whom mails of a round go who are no contacts: the outbox finds them by their names and addresses.
CREATE INDEX message_to_colleague ON message (lane, to_email, due_at, id) WHERE contact_id IS NULL;
