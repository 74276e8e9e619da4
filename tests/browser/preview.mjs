// Every page that `preview` writes: never wider than its screen, readable for axe in both schemes, large enough for a thumb where a phone shows it.
import { existsSync } from "node:fs";
import { measured } from "./inspect.mjs";
import { DESK } from "./browser.mjs";

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
    browser.looked += 1;
    await page.goto(`${task.base}/${name}`);
    await measured(browser, page, name, MAILED.test(name));
  }
  await page.context().close();
}

export const looked = (browser, task) => look(browser, task, 0);
export const alsoLooked = (browser, task) => look(browser, task, 1);
