// mailauth on every signature, and the fields as mailparser reads them. One JSON line for each file.
// Arguments: the folder of messages and the port of a name server on this machine.
import { readFileSync, readdirSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';

const [folder, port] = process.argv.slice(2);
const names = new Resolver();
names.setServers([`127.0.0.1:${port}`]);
const known = new Map();
const resolver = (name, type) => {
  const key = `${type} ${name}`;
  if (!known.has(key)) known.set(key, names.resolve(name, type));
  return known.get(key);
};

for (const file of readdirSync(folder).filter((name) => name.endsWith('.eml')).sort()) {
  const raw = readFileSync(join(folder, file));
  const { results } = await dkimVerify(raw, { resolver });
  const signatures = Object.fromEntries(
    results.map((one) => [one.algo ?? one.signature?.algorithm ?? `${one.status.comment}`, one.status.result === 'pass' ? 'pass' : 'fail']),
  );
  let fields = {};
  if (file.endsWith('-good.eml')) {
    const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
    // It shows domains to people; on the wire they are A-labels.
    const mailbox = ({ name, address }) => [name, address.replace(/[^@]*$/, domainToASCII)];
    fields = { from: mailbox(mail.from.value[0]), to: mailbox(mail.to.value[0]), subject: mail.subject ?? '', text: mail.text };
  }
  console.log(JSON.stringify({ file, signatures, wrong: [], fields }));
}
