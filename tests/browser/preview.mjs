// Every page that `preview` writes: never wider than its screen, readable for axe in both schemes, large enough for a thumb where a phone shows it.
import { existsSync } from "node:fs";
import { accessible, fits, standards } from "./inspect.mjs";
import { NARROW, PHONE, DESK } from "./browser.mjs";

// Whoever has no account here meets these on a phone.
const MAILED = /^(assessment|opt-out|sign-off|counter-sign|repair|approval)/;

// The files as if a server had them: scripts run as they would.
export async function served(page, folder) {
  await page.route("**/*", (route) => {
    const path = `${folder}${new URL(route.request().url()).pathname}`;
    return existsSync(path) ? route.fulfill({ path }) : route.fulfill({ status: 404, body: "" });
  });
}

async function look(browser, task, mine) {
  const page = await browser.tab(DESK);
  await served(page, task.folder);
  for (const name of task.pages.filter((_, number) => number % 2 === mine)) {
    const thumbs = MAILED.test(name);
    browser.looked += 1;
    await page.goto(`${task.base}/${name}`);
    browser.check(/<html lang="\w/.test(await page.content()), `${name}: no language`);
    for (const size of [NARROW, PHONE, DESK]) {
      await page.setViewportSize(size);
      await fits(browser, page, `${name} at ${size.width} px`, size.width, thumbs && size !== DESK);
    }
    await page.setViewportSize(PHONE);
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    await fits(browser, page, `${name} with text at 200 %`, PHONE.width, thumbs);
    await page.evaluate(() => { document.documentElement.style.fontSize = ""; });
    await page.setViewportSize(DESK);
    await accessible(browser, page, name, standards);
    await page.emulateMedia({ colorScheme: "dark" });
    await accessible(browser, page, `${name} in the dark`, { type: "rule", values: ["color-contrast"] });
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.context().close();
}

export const looked = (browser, task) => look(browser, task, 0);
export const alsoLooked = (browser, task) => look(browser, task, 1);
