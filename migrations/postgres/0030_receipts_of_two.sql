-- A signature that somebody gave for somebody else stands on the receipts of both.
ALTER TABLE receipt_line DROP CONSTRAINT receipt_line_pkey;
ALTER TABLE receipt_line ADD PRIMARY KEY (signature_id, receipt_id);
