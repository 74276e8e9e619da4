"""The opt-out of one message as a mail program carries it out (RFC 8058), and what a GET of it does. Prints one JSON object.

Arguments: the file of the message, the port on which the pages are served, and which form: multipart or urlencoded.
"""

import email
import http.client
import json
import sys
from urllib.parse import urlsplit

from listunsub import audit, choose, dkim_covers, one_click_request

path, port, form = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(path, "rb") as file:
    message = email.message_from_binary_file(file)
fields, posts = message.get_all("List-Unsubscribe"), message.get_all("List-Unsubscribe-Post")
signatures = [str(value) for value in message.get_all("DKIM-Signature", [])]
action = choose(fields[0], posts[0], dkim_verified=True)
request = one_click_request(action.uri, form=form)
where = urlsplit(request.url)


def ask(method, headers, body=None):
    # A proxy stands before us and speaks https there; nothing but what is given here is sent.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, where.path, body, {"Host": where.netloc, **headers})
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return {
        "status": answer.status,
        "cookie": answer.getheader("Set-Cookie"),
        "location": answer.getheader("Location"),
        "has_form": "<form" in page,
    }


said = {
    "problems": [problem.code for problem in audit(fields, posts, dkim_signatures=signatures)],
    "covered": [dkim_covers(signature) for signature in signatures],
    "kind": action.kind,
}
step = sys.argv[4]
if step == "get":
    said["answers"] = [ask("GET", {}), ask("HEAD", {})]
else:
    said["answers"] = [ask(request.method, request.headers, request.body) for _ in range(3)]
print(json.dumps(said))
