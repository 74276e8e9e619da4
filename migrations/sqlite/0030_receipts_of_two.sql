-- A signature that somebody gave for somebody else stands on the receipts of both.
CREATE TABLE receipt_line_of_two (
    signature_id TEXT NOT NULL REFERENCES signature (id),
    receipt_id TEXT NOT NULL REFERENCES receipt (id),
    PRIMARY KEY (signature_id, receipt_id)
) STRICT;
INSERT INTO receipt_line_of_two (signature_id, receipt_id) SELECT signature_id, receipt_id FROM receipt_line;
DROP TABLE receipt_line;
ALTER TABLE receipt_line_of_two RENAME TO receipt_line;
CREATE INDEX receipt_line_by_receipt ON receipt_line (receipt_id);
