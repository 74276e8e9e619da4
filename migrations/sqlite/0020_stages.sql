-- The list of people by a stage that few have reached costs those few.
CREATE INDEX contact_invited ON contact (round_id, invited_at, id) WHERE invited_at IS NOT NULL;
CREATE INDEX contact_started ON contact (round_id, started_at, id) WHERE started_at IS NOT NULL;
CREATE INDEX contact_completed ON contact (round_id, completed_at, id) WHERE completed_at IS NOT NULL;
CREATE INDEX contact_opted_out ON contact (round_id, opted_out_at, id) WHERE opted_out_at IS NOT NULL;
CREATE INDEX contact_undeliverable ON contact (round_id, undeliverable_at, id) WHERE undeliverable_at IS NOT NULL;
CREATE INDEX contact_left ON contact (round_id, left_at, id) WHERE left_at IS NOT NULL;
-- Who stands under the mark of a list that is coming in was never on one.
CREATE INDEX contact_removed ON contact (round_id, removed_at, id) WHERE removed_at IS NOT NULL AND loading IS NULL;
