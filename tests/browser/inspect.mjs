// What holds on every page, looked at in both widths and both colour schemes; leaves pictures for people.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { NARROW, PHONE, DESK } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const standards = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] };

// `scripts: false` where the page runs none: then axe cannot either.
export async function inspect(browser, page, name, { scripts = true, thumbs = false } = {}) {
  const own = page.viewportSize();
  await page.waitForLoadState();
  const html = await page.content();
  browser.check(!/survey/i.test(html), `${name}: the banned word`);
  browser.check(/<html lang="\w/.test(html), `${name}: no language`);
  for (const [width, size] of [["phone", PHONE], ["desk", DESK]]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${browser.pictures}${name}-${width}.png`, fullPage: true, scale: "css" });
    if (scripts) await fits(browser, page, `${name} on the ${width}`, size.width, thumbs && size === PHONE);
    const head = size === PHONE && scripts ? await page.evaluate(() => document.querySelector(".console > header")?.offsetHeight ?? 0) : 0;
    browser.check(head <= 120, `${name}: the header takes ${head} px of a phone`);
  }
  if (scripts) {
    await page.setViewportSize(NARROW);
    await fits(browser, page, `${name} at 320 px`, NARROW.width, thumbs);
    await page.setViewportSize(PHONE);
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    await page.screenshot({ path: `${browser.pictures}${name}-large.png`, fullPage: true, scale: "css" });
    await fits(browser, page, `${name} with text at 200 %`, PHONE.width, thumbs);
    await page.evaluate(() => { document.documentElement.style.fontSize = ""; });
    await page.setViewportSize(DESK);
    await accessible(browser, page, name, standards);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: `${browser.pictures}${name}-dark.png`, fullPage: true, scale: "css" });
    await accessible(browser, page, `${name} in the dark`, { type: "rule", values: ["color-contrast"] });
    await page.emulateMedia({ colorScheme: "light" });
    const ran = await page.evaluate(() => window.__pwned);
    browser.check(ran === undefined, `${name}: a name out of the list was run as a script (${ran})`);
  }
  await page.setViewportSize(own);
}

export async function fits(browser, page, name, width, thumbs) {
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

export async function accessible(browser, page, name, runOnly) {
  // Evaluated from outside, so that the page's own policy against scripts stays as it is.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }), runOnly);
  for (const v of violations) {
    const nodes = v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.failureSummary.split("\n").slice(1, 2)}`);
    browser.wrong.push(`${name}: ${v.id} (${v.nodes.length}): ${nodes.join(" | ")}`);
  }
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
