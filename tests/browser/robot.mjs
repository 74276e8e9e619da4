// What mail scanners do (S21): GET and HEAD of every link, then a real browser that presses the first button of each page.
// What must not have happened is looked up in the database by the hosting test; here: no session is handed out.
import { DESK } from "./browser.mjs";

export async function robot(browser, task) {
  const links = task.robot.flatMap((mail) => mail.links ?? [mail]);
  browser.check(links.length >= 2, "the robot found no links");
  const context = await browser.visitor(DESK);
  for (const link of links) {
    for (const method of ["HEAD", "GET"]) await context.request.fetch(link, { method });
    for (let press = 0; press < 3; press += 1) {
      const page = await context.newPage();
      await page.goto(link);
      const buttons = page.locator("button:visible, summary:visible, input[type=submit]:visible");
      for (let again = 0; again <= press && (await buttons.count()) > 0; again += 1) {
        await buttons.first().click();
        await page.waitForLoadState();
      }
      await page.close();
    }
  }
  const cookies = (await context.cookies()).map((c) => c.name);
  browser.check(!cookies.includes("soundings"), `the robot was given ${cookies}`);
  const page = await context.newPage();
  await page.goto(browser.base);
  browser.check(page.url().endsWith("/log-in"), `the robot sees ${page.url()}`);
  await context.close();
}
