"""dkimpy on every signature, and what Python's own strict parser says about a message. One JSON line for each file.

Arguments: the folder of messages and the port of a name server on this machine.
"""

import email
import email.header
import email.policy
import email.utils
import json
import pathlib
import re
import sys

import dkim
import dns.resolver
from listunsub import audit

folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], port
resolver.cache = dns.resolver.Cache()


def txt(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return b"".join(next(iter(resolver.resolve(name, "TXT"))).strings)


def signatures(raw):
    found = {}
    for index in range(2):
        verifier = dkim.DKIM(raw)
        try:
            valid = verifier.verify(idx=index, dnsfunc=txt)
        except dkim.DKIMException:
            valid = False
        found[verifier.signature_fields[b"a"].decode()] = "pass" if valid else "fail"
    return found


def mailbox(header):
    """Name and address. The newer parser of Python 3.11 keeps the space between two encoded words of a name (RFC 2047 section 6.2); this one does not."""
    name, address = email.utils.parseaddr(header)
    return [str(email.header.make_header(email.header.decode_header(name))), address]


# Names that stand once, whatever is signed how often.
ONCE = ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]


def rules(raw):
    """M01: what is wrong with the form of a message."""
    wrong = []
    try:
        message = email.message_from_bytes(raw, policy=email.policy.strict.clone(linesep="\r\n", utf8=True))
    except email.errors.MessageError as defect:
        return [repr(defect)], {}
    for part in message.walk():
        wrong += [repr(defect) for defect in part.defects]
        wrong += [f"{name}: {defect!r}" for name, value in part.items() for defect in getattr(value, "defects", ())]
    for name in ONCE:
        if len(message.get_all(name, [])) != 1:
            wrong.append(f"{name} stands {len(message.get_all(name, []))} times")
    head = raw.split(b"\r\n\r\n")[0]
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        wrong.append("a line is longer than 998 octets")
    if re.search(rb"[\x80-\xff]", raw):
        wrong.append("there are bytes beyond ASCII")
    if re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        wrong.append("CR or LF stands alone")
    wrong += [f"{word!r} is too long" for word in re.findall(rb"=\?[^? ]+\?[bBqQ]\?[^? ]*\?=", head) if len(word) > 75]
    signed = [str(value) for value in email.message_from_bytes(raw).get_all("DKIM-Signature", [])]
    plain = email.message_from_bytes(raw)
    wrong += [
        problem.code
        for problem in audit(
            plain.get_all("List-Unsubscribe"), plain.get_all("List-Unsubscribe-Post"), dkim_signatures=signed
        )
    ]
    fields = {
        "from": mailbox(plain["From"]),
        "to": mailbox(plain["To"]),
        "subject": str(message["Subject"]),
        "text": message.get_body(("plain",)).get_content().replace("\r\n", "\n"),
    }
    return wrong, fields


for path in sorted(folder.glob("*.eml")):
    raw = path.read_bytes()
    wrong, fields = rules(raw) if path.stem.endswith("-good") else ([], {})
    line = {"file": path.name, "signatures": signatures(raw), "wrong": wrong, "fields": fields}
    print(json.dumps(line), flush=True)
