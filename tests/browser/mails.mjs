// Every mail as programs show it on a small phone: 320 px, images off, light and dark, read by axe in both schemes.
import { read } from "./inspect.mjs";

const standards = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const SMALL = { width: 320, height: 640 };

async function look(browser, task, mine) {
  const page = await browser.tab(SMALL);
  await page.route("**/*", (route) => (route.request().resourceType() === "image" ? route.abort() : route.continue()));
  for (const { name, html } of task.mails.filter((_, number) => number % 2 === mine)) {
    browser.looked += 1;
    await page.setContent(html, { waitUntil: "domcontentloaded" });
    await measured(browser, page, `${name} in the light`, false);
    await pictures(browser, page, `${name}-light`);
    await read(browser, page, name, standards, async () => {
      await measured(browser, page, `${name} in the dark`, true);
      await pictures(browser, page, `${name}-dark`);
    });
  }
  await page.context().close();
}

async function measured(browser, page, called, dark) {
  const seen = await page.evaluate(measure);
  browser.check(seen.width <= SMALL.width, `${called}: ${seen.width} px wide: ${seen.wide.join(" | ")}`);
  browser.check(seen.images === 0, `${called}: ${seen.images} images`);
  browser.check(seen.small.length === 0, `${called}: too small for a thumb: ${seen.small.join(", ")}`);
  browser.check(!dark || seen.ground, `${called}: letters are set for the dark, and no ground under them`);
}

async function pictures(browser, page, name) {
  if (!browser.pictures) return;
  for (const width of [360, 800]) {
    await page.setViewportSize({ width, height: 740 });
    await browser.picture(page, `mail-${name}-${width}`);
  }
  await page.setViewportSize(SMALL);
}

// Runs in the page. The ground is looked for on what holds the letter, as some programs drop the body.
function measure() {
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

export const looked = (browser, task) => look(browser, task, 0);
export const alsoLooked = (browser, task) => look(browser, task, 1);
