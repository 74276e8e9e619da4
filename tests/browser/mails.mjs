// Every mail as programs show it on a small phone: 320 px, images off, light and dark, read by axe in both schemes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const standards = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] };
const SMALL = { width: 320, height: 640 };

export async function measured(browser, task) {
  for (const scheme of ["light", "dark"]) {
    const page = await browser.tab(SMALL, { colorScheme: scheme });
    await page.route("**/*", (route) => (route.request().resourceType() === "image" ? route.abort() : route.continue()));
    for (const { name, html } of task.mails) {
      const called = `${name} in the ${scheme}`;
      browser.looked += 1;
      await page.setContent(html, { waitUntil: "domcontentloaded" });
      const seen = await page.evaluate(look);
      browser.check(seen.width <= SMALL.width, `${called}: ${seen.width} px wide: ${seen.wide.join(" | ")}`);
      browser.check(seen.images === 0, `${called}: ${seen.images} images`);
      browser.check(seen.small.length === 0, `${called}: too small for a thumb: ${seen.small.join(", ")}`);
      browser.check(scheme === "light" || seen.ground, `${called}: letters are set for the dark, and no ground under them`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }), standards);
      for (const v of violations) browser.wrong.push(`${called}: ${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`.replace(/\n/g, " "));
      for (const width of [360, 800]) {
        await page.setViewportSize({ width, height: 740 });
        await page.screenshot({ path: `${browser.pictures}mail-${name}-${width}-${scheme}.png`, fullPage: true, scale: "css" });
      }
      await page.setViewportSize(SMALL);
    }
    await page.context().close();
  }
}

// Runs in the page. The ground is looked for on what holds the letter, as some programs drop the body.
function look() {
  const width = document.documentElement.scrollWidth;
  const every = [...document.body.querySelectorAll("*")];
  const wide = every.filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1).slice(-2).map((e) => e.outerHTML.slice(0, 120));
  const buttons = every.filter((e) => e.tagName === "A" && e.closest(".button"));
  const small = buttons.map((e) => e.getBoundingClientRect()).filter((box) => box.height < 44).map((box) => `${Math.round(box.width)}x${Math.round(box.height)}`);
  const dark = (colour) => { const [r, g, b, a] = (colour.match(/[\d.]+/g) ?? []).map(Number); return a !== 0 && r + g + b < 200; };
  const light = every.some((e) => e.children.length === 0 && e.textContent.trim() && (getComputedStyle(e).color.match(/\d+/g) ?? []).slice(0, 3).every((part) => part > 150));
  const ground = !light || every.some((e) => e.tagName === "TABLE" && dark(getComputedStyle(e).backgroundColor));
  return { width, wide, small, ground, images: document.images.length };
}
