// What holds on every page: it fits every width and both sizes of text, a thumb meets what it aims at, and axe reads it in both schemes.
// Loading and reading cost most, so a page is loaded once, and axe reads of each structure one page (`structure`); all others are measured.
// Pictures are taken when somebody wants to look: SOUNDINGS_PICTURES=1, in target/browser.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { NARROW, PHONE, DESK } from "./browser.mjs";
import { structure } from "./structure.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const standards = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const contrast = { type: "rule", values: ["color-contrast"] };

// `scripts: false` where the page runs none: then axe cannot either.
export async function inspect(browser, page, name, { scripts = true, thumbs = false } = {}) {
  const own = page.viewportSize();
  await page.waitForLoadState();
  browser.check(!/survey/i.test(await page.content()), `${name}: the banned word`);
  if (scripts) {
    await measured(browser, page, name, thumbs);
    const ran = await page.evaluate(() => window.__pwned);
    browser.check(ran === undefined, `${name}: a name out of the list was run as a script (${ran})`);
  } else {
    browser.check(/<html lang="\w/.test(await page.content()), `${name}: no language`);
    await page.setViewportSize(PHONE);
    await browser.picture(page, `${name}-phone`);
  }
  await page.setViewportSize(own);
}

// Axe reads at the width of a desk, so that comes first; then narrower and narrower, each width once.
export async function measured(browser, page, name, thumbs) {
  await page.setViewportSize(DESK);
  browser.check(/^\w/.test(await page.evaluate(() => document.documentElement.lang)), `${name}: no language`);
  await fits(browser, page, `${name} at ${DESK.width} px`, DESK.width, false);
  await browser.picture(page, `${name}-desk`);
  await read(browser, page, name, [...standards, "best-practice"], () => browser.picture(page, `${name}-dark`));
  await page.setViewportSize(PHONE);
  await fits(browser, page, `${name} at ${PHONE.width} px`, PHONE.width, thumbs);
  const head = await page.evaluate(() => document.querySelector(".console > header")?.offsetHeight ?? 0);
  browser.check(head <= 120, `${name}: the header takes ${head} px of a phone`);
  await browser.picture(page, `${name}-phone`);
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  await fits(browser, page, `${name} with text at 200 %`, PHONE.width, thumbs);
  await browser.picture(page, `${name}-large`);
  await page.evaluate(() => { document.documentElement.style.fontSize = ""; });
  await page.setViewportSize(NARROW);
  await fits(browser, page, `${name} at ${NARROW.width} px`, NARROW.width, thumbs);
}

async function fits(browser, page, name, width, thumbs) {
  const seen = await page.evaluate(({ thumbs, width }) => {
    const small = [];
    for (const e of thumbs ? document.querySelectorAll("button, .option, .scale label, textarea, summary, .languages a, .change a, .tasks a") : []) {
      const box = e.getBoundingClientRect();
      const slim = e.matches(".scale label, .languages a") && box.width < 44;
      if (box.width > 0 && (box.height < 44 || slim)) small.push(`${e.tagName} "${e.textContent.trim().slice(0, 20)}" ${Math.round(box.width)}x${Math.round(box.height)}`);
    }
    const wide = document.documentElement.scrollWidth > width
      ? [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".wide, .vh")) : [];
    // A part of an address that would have fitted a line of its own: what is between its signs stays together.
    const broken = [];
    for (const link of document.querySelectorAll('a[href^="mailto:"]')) {
      let block = link;
      while (getComputedStyle(block).display === "inline") block = block.parentElement;
      const style = getComputedStyle(block);
      const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      for (const part of link.childNodes) {
        const range = document.createRange();
        range.selectNodeContents(part);
        const lines = [...range.getClientRects()].filter((line) => line.width > 0);
        if (lines.length > 1 && lines.reduce((sum, line) => sum + line.width, 0) < room) broken.push(part.textContent);
      }
      if (link.childNodes.length < 2) broken.push(`${link.textContent} in one part`);
    }
    return { broken, width: document.documentElement.scrollWidth, small, wide: wide.slice(-2).map((e) => e.outerHTML.slice(0, 120)) };
  }, { thumbs, width });
  browser.check(seen.width <= width, `${name}: ${seen.width} px wide, ${width} are there: ${seen.wide.join(" | ")}`);
  browser.check(seen.broken.length === 0, `${name}: an address is broken inside: ${seen.broken.join("; ")}`);
  browser.check(seen.small.length === 0, `${name}: too small for a thumb: ${seen.small.join("; ")}`);
}

// Axe, in the light by all rules with these tags, in the dark by that of contrast: nothing else depends on colours. Not again where a page
// of this structure was read: it has found there whatever it would find here. `dark` is called while the page is dark.
export async function read(browser, page, name, tags, dark) {
  const known = browser.known(await page.evaluate(structure));
  // Evaluated from outside, so that the page's own policy against scripts stays as it is.
  if (!known) {
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
    await rules(browser, page, name, { type: "tag", values: tags });
  }
  if (known && !dark) return;
  await page.emulateMedia({ colorScheme: "dark" });
  await dark?.();
  if (!known) await rules(browser, page, `${name} in the dark`, contrast);
  await page.emulateMedia({ colorScheme: "light" });
}

async function rules(browser, page, name, runOnly) {
  const found = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => ({
      id, count: nodes.length, nodes: nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.failureSummary.split("\n").slice(1, 2)}`),
    }));
  }, runOnly);
  for (const { id, count, nodes } of found) browser.wrong.push(`${name}: ${id} (${count}): ${nodes.join(" | ")}`);
}

// Bytes on the wire for the page and all that it loads, by a visitor who has nothing of it yet.
export async function weight(browser, url) {
  const page = await browser.tab(PHONE);
  const done = [];
  page.on("requestfinished", (r) => { if (!r.url().startsWith("data:")) done.push(r); });
  await page.goto(url, { waitUntil: "networkidle" });
  const sizes = await Promise.all(done.map((r) => r.sizes()));
  await page.context().close();
  return sizes.reduce((sum, s) => sum + s.responseBodySize + s.responseHeadersSize, 0);
}
