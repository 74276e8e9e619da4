-- The contacts of a domain that takes no mail: what stands after the @, spelled as store::gateways asks for it.
CREATE INDEX contact_by_domain ON contact (replace(email_key, rtrim(email_key, replace(email_key, '@', '')), ''));
