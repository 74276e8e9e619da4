// What mail scanners do (S21): GET and HEAD of every link, then a real browser that presses the first button of each page.
// What must not have happened is looked up in the database by the hosting test; here: no session is handed out.
import { DESK } from "./browser.mjs";

export async function robot(browser, task) {
  const links = task.robot.flatMap((mail) => mail.links ?? [mail]);
  browser.check(links.length >= 2, "the robot found no links");
  const context = await browser.visitor(DESK);
  for (const link of links) {
    for (const method of ["HEAD", "GET"]) await context.request.fetch(link, { method });
    const page = await context.newPage();
    // Three times the first button that is seen, then the first of those that are folded away.
    for (const unfold of [false, true]) {
      await page.goto(link);
      if (unfold) await page.evaluate(() => { for (const more of document.querySelectorAll("details")) more.open = true; });
      const buttons = page.locator("button:visible, input[type=submit]:visible");
      for (let n = unfold ? 1 : 3; n > 0 && (await buttons.count()) > 0; n -= 1) {
        await buttons.first().click();
        await page.waitForLoadState();
      }
    }
    await page.close();
  }
  const cookies = (await context.cookies()).map((c) => c.name);
  browser.check(!cookies.includes("soundings"), `the robot was given ${cookies}`);
  const page = await context.newPage();
  await page.goto(browser.base);
  browser.check(page.url().endsWith("/log-in"), `the robot sees ${page.url()}`);
  await context.close();
}
