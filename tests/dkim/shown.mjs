// What mail programs do not show, by the package `caniemail`: its data against our table, and its own check of letters.
// Arguments: the table and a folder of letters. Prints one JSON object: what the table says otherwise, an example of each of its lines with what
// the check finds in it, and what it finds in each letter.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { caniemail, rawData } from 'caniemail';

const [table, folder] = process.argv.slice(2);
const packaged = (path) => readFileSync(createRequire(import.meta.url).resolve(`caniemail/${path}`), 'utf8');

// The programs that our table names. One loses a feature that any of its places loses.
const PROGRAMS = {
  'Outlook on Windows': ['outlook.windows'],
  'Outlook.com': ['outlook.outlook-com'],
  'Outlook on phones': ['outlook.ios', 'outlook.android'],
  'Outlook on macOS': ['outlook.macos'],
  'Gmail in a browser': ['gmail.desktop-webmail', 'gmail.mobile-webmail'],
  'Gmail on phones': ['gmail.ios', 'gmail.android'],
  'Apple Mail': ['apple-mail.macos', 'apple-mail.ios'],
  'Yahoo! Mail': ['yahoo.desktop-webmail', 'yahoo.ios', 'yahoo.android'],
  'Samsung Email': ['samsung-email.android'],
  Thunderbird: ['thunderbird.macos', 'thunderbird.windows'],
  GMX: ['gmx.desktop-webmail', 'gmx.ios', 'gmx.android'],
  'WEB.DE': ['web-de.desktop-webmail', 'web-de.ios', 'web-de.android'],
  'T-Online': ['t-online-de.desktop-webmail'],
  Orange: ['orange.desktop-webmail', 'orange.ios', 'orange.android'],
  'LaPoste.net': ['laposte.desktop-webmail', 'laposte.ios', 'laposte.android'],
  'Proton Mail': ['protonmail.desktop-webmail', 'protonmail.ios', 'protonmail.android'],
};

// Versions stand in the order of their tests (Outlook on macOS: 2016, then 16.80). A name that is a whole number would go to the front.
const data = JSON.parse(packaged('caniemail.json').replace(/"([\d.-]+)"(?=\s*:)/g, '"v$1"'));
const features = new Map(data.data.map(({ slug, title, stats }) => {
  const loses = (place) => {
    const [family, platform] = place.split('.');
    return Object.values(stats[family]?.[platform] ?? {}).at(-1)?.startsWith('n') ?? false;
  };
  return [slug, { title, lostIn: Object.keys(PROGRAMS).filter((program) => PROGRAMS[program].some(loses)) }];
}));

const [from, ...rest] = readFileSync(table, 'utf8').split('\n');
const lines = rest.filter((line) => line && !line.startsWith('#')).map((line) => {
  const [slug, title, mark, without, programs] = line.split('|').map((part) => part.trim());
  return { slug, title, mark, harmless: without.startsWith('harmless'), programs: programs.split(', ') };
});

function otherwise() {
  const wrong = [];
  const date = new Date(data.last_update_date.slice(0, 10));
  const day = `${date.getUTCDate()} ${date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })} ${date.getUTCFullYear()}`;
  for (const words of [`caniemail ${JSON.parse(packaged('package.json')).version}`, `as of ${day}`]) {
    if (!from.includes(words)) wrong.push(`The data are ${words}, the table says: ${from}`);
  }
  for (const { slug, title, programs } of lines) {
    const feature = features.get(slug);
    if (!feature) {
      wrong.push(`${slug}: is not in the data`);
      continue;
    }
    if (feature.title !== title) wrong.push(`${slug}: is called ${feature.title}`);
    for (const program of feature.lostIn) if (!programs.includes(program)) wrong.push(`${slug}: ${program} does not show it either`);
    for (const program of programs) if (!feature.lostIn.includes(program)) wrong.push(`${slug}: ${program} shows it`);
  }
  for (const once of [lines.map(({ slug }) => slug), ...lines.map(({ programs }) => programs)]) {
    for (const twice of once.filter((each, at) => once.indexOf(each) !== at)) wrong.push(`${twice} stands twice`);
  }
  return wrong;
}

// The check knows fewer programs, and takes the last of their versions by alphabet. So it is asked about one that loses whatever one of ours loses.
const NAME = 'hey.desktop-webmail';
for (const { slug, stats } of rawData.data) stats.hey = { 'desktop-webmail': { 1: features.get(slug).lostIn.length > 0 ? 'n' : 'y' } };
const properties = new Map(rawData.data.filter(({ category }) => category === 'css').map(({ title }) => [title, title.match(/^([a-z-]+)( property| shorthand)?$/)?.[1]]));

// The titles of what is lost. The check does not look into `@media`, so what stands there is laid open; and it takes `overflow-wrap` for
// `overflow`, too, so a property has to be declared by its own name.
function check(html) {
  const open = html.replace(/@media[^{]+\{((?:[^{}]*\{[^{}]*\})*)\s*\}/g, '$1');
  const found = [html, open].flatMap((each) => caniemail({ clients: [NAME], html: each }).issues.errors.get(NAME) ?? []);
  const declared = (name) => name === undefined || new RegExp(`[;{"\\s]${name}\\s*:`).test(html);
  return [...new Set(found.map(({ title }) => title))].filter((title) => declared(properties.get(title)));
}

const SHEETS = {
  'head @media (prefers-color-scheme': '@media (prefers-color-scheme: dark) { p { color: red } }',
  'head @media': '@media screen { p { color: red } }',
  'head @font-face': '@font-face { font-family: x; src: url(x) }',
  'head @import': '@import url(x);',
  'head >': 'p > a { color: red }',
  'selector type': 'p { color: red }',
  'selector class': '.x { color: red }',
  'selector descendant': 'p a { color: red }',
};

// A letter with the feature of a line.
function example({ title, mark }) {
  const [, kind, what] = mark.match(/^(\w+) (.+)$/);
  const [, tag, attribute] = title.match(/^<(\w+)( \w+="\w+")> element$/) ?? [undefined, what, ''];
  switch (kind) {
    case 'element': return `<${tag}${attribute}>${what === 'style' ? 'p { color: red }' : 'x'}</${tag}>`;
    case 'attribute': return `<p ${what}="x">x</p>`;
    case 'property': return `<p style="${what}: inherit">x</p>`;
    case 'declared': return `<p style="${what}">x</p>`;
    case 'value': return `<p style="color: ${what.endsWith('(') ? `${what}x)` : `red ${what}`}">x</p>`;
    case 'unit': return `<p style="width: 2${what}">x</p>`;
    case 'head':
    case 'selector': return `<style>${SHEETS[mark] ?? `p${what} { color: red }`}</style>`;
    case 'meta': return `<meta name="${what}" content="x">`;
    case 'link': return `<a href="${what}x">x</a>`;
    default: throw new Error(`No example of ${mark} is known`);
  }
}

const examples = lines.map((line) => {
  const html = `<div>${example(line)}</div>`;
  return { title: line.title, harmless: line.harmless, html, found: check(html) };
});
const letters = Object.fromEntries(readdirSync(folder).map((name) => [name, check(readFileSync(join(folder, name), 'utf8'))]));
console.log(JSON.stringify({ wrong: otherwise(), examples, letters }));
