// Drives Chromium through the pages for one stage of a round. The hosting test gives the links as JSON on standard input.
// Ends with 1 when anything is wrong, and says what, where, and in which part.
import { text } from "node:stream/consumers";
import { Browser } from "./browser.mjs";
import * as director from "./director.mjs";
import * as manager from "./manager.mjs";
import * as contact from "./contact.mjs";
import * as operator from "./operator.mjs";
import * as lists from "./lists.mjs";
import * as rounds from "./rounds.mjs";
import { live } from "./live.mjs";
import { robot } from "./robot.mjs";
import * as mails from "./mails.mjs";
import * as preview from "./preview.mjs";
import { prints } from "./report.mjs";

const stages = {
  mails: [mails.looked, mails.alsoLooked],
  preview: [preview.looked, preview.alsoLooked],
  report: [prints],
  lists: [lists.loadsAList],
  lists_again: [lists.again],
  sign_off: [robot, director.signs, operator.before],
  counter_sign: [director.counterSigns, rounds.made],
  open: [robot, contact.taps, contact.keys, contact.plain, contact.saves, contact.notices, contact.leaves, manager.repairs, operator.during],
  live: [live],
};

const task = JSON.parse(await text(process.stdin));
const browser = await Browser.start(task.base);
const parts = [...stages[task.stage]];
// Two at a time: one part waits for the server or a screenshot while the other works.
async function work() {
  for (let part = parts.shift(); part; part = parts.shift()) {
    const began = Date.now();
    await browser.part(`${task.stage}: ${part.name}`, () => part(browser, task));
    console.log(`${task.stage}: ${part.name}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}
await Promise.all([work(), work()]);
await browser.close();
console.log(`${task.stage}: ${browser.looked} pages looked at, ${browser.wrong.length} things wrong`);
if (browser.spared) console.log(`${task.stage}: ${browser.spared} of them not read by axe: they differ from others that it read in data only`);
for (const what of browser.wrong) console.error(`WRONG ${what}`);
process.exitCode = browser.wrong.length ? 1 : 0;
