"""aiosmtpd with a maildir behind it: PORT FOLDER CERTIFICATE KEY."""
import asyncio, mailbox, os, ssl, sys
from aiosmtpd.smtp import SMTP

port, folder, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if not address.startswith(("anna@", "bounce@")):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            received = f"Received: from {session.host_name} by aiosmtpd\r\n".encode()
            mailbox.Maildir(os.path.join(folder, address.split("@")[0])).add(received + envelope.content)
        return "250 2.0.0 taken"


async def main():
    def protocol():
        return SMTP(Handler(), data_size_limit=100_000, timeout=3, tls_context=context, hostname="mx.contact.example", loop=asyncio.get_running_loop())

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main())
