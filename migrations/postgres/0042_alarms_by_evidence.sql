-- Whether responses are taken is judged by what was tried last, and asked every minute: neither costs more the more were handed over.

-- When it was tried last and not taken; null once it is settled.
ALTER TABLE handoff ADD COLUMN refused_at BIGINT;
DROP INDEX handoff_waiting;
DROP INDEX handoff_given_up;
CREATE INDEX handoff_refused ON handoff (refused_at, id) WHERE state = 'pending' AND refused_at IS NOT NULL;
CREATE INDEX handoff_taken ON handoff (settled_at, id) WHERE state = 'confirmed';
CREATE INDEX handoff_given_up ON handoff (settled_at, id) WHERE state IN ('failed', 'stopped');
