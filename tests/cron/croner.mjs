// Answers with croner when cron expressions fire. The hosting test gives zones and questions as JSON on standard input.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Cron } from "croner";

const offsets = new Map();

/** Milliseconds that this Node.js takes clocks in `zone` to be ahead of UTC; nothing for a zone that it does not know. */
function offset(zone, at) {
  if (!offsets.has(zone)) {
    try {
      offsets.set(zone, new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }));
    } catch {
      offsets.set(zone, undefined);
    }
  }
  const said = offsets.get(zone)?.format(at);
  const [, sign, hours, minutes] = said?.match(/GMT(?:([+-])(\d\d):(\d\d))?$/) ?? [];
  if (!said || !sign) return said ? 0 : undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function answer({ zone, expression, options, after, until, count, skipped }) {
  const cron = (timezone) => new Cron(expression, { mode: "5-part", sloppyRanges: true, timezone, ...options });
  const firings = cron(zone).nextRuns(count, new Date(after)).map((at) => at.getTime());
  const end = Math.min(until, firings.length < count ? until : firings.at(-1));
  // In UTC no time is skipped: whether the expression names a wall-clock time that the zone's clocks never show.
  const plain = cron("UTC");
  const names = ([from, to]) => {
    const next = plain.nextRun(new Date(from - 1_000));
    return next !== null && next.getTime() < to;
  };
  return { firings, skips: skipped.filter((gap) => gap.at > after && gap.at <= end && names(gap.wall)).map((gap) => gap.at) };
}

const { zones, questions } = JSON.parse(await text(process.stdin));
const others = zones.filter((zone) => zone.samples.some(([at, ahead]) => offset(zone.name, at) !== ahead)).map((zone) => zone.name);
const skipped = new Map(zones.map((zone) => [zone.name, zone.skipped]));
const same = (question) => !others.includes(question.zone);
const croner = JSON.parse(readFileSync(new URL("node_modules/croner/package.json", import.meta.url))).version;
const answers = questions.map((q) => (same(q) ? answer({ ...q, skipped: skipped.get(q.zone) }) : null));
console.log(JSON.stringify({ croner, node: process.version, data: process.versions.tz ?? "unknown", others, answers }));
