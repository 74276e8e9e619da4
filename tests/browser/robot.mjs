// What mail scanners do (S21): GET and HEAD of every link, then a real browser that presses the first button of each page; and on a page
// that opens forms of its own, one that follows those links, fills what it can guess and presses every button once.
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
      await goes(page, link);
      if (unfold) await page.evaluate(() => { for (const more of document.querySelectorAll("details")) more.open = true; });
      const buttons = page.locator("button:visible, input[type=submit]:visible");
      for (let n = unfold ? 1 : 3; n > 0 && (await buttons.count()) > 0; n -= 1) {
        await buttons.first().click();
        await page.waitForLoadState();
      }
    }
    if (link.includes("/sign-off/")) await guesses(browser, page, link);
    await page.close();
  }
  const cookies = (await context.cookies()).map((c) => c.name);
  browser.check(!cookies.includes("soundings"), `the robot was given ${cookies}`);
  const page = await context.newPage();
  await page.goto(browser.base);
  browser.check(page.url().endsWith("/log-in"), `the robot sees ${page.url()}`);
  await context.close();
}

// On a busy machine what a press has begun may still be on its way: then once more.
async function goes(page, address) {
  for (let n = 0; n < 3; n += 1) {
    try {
      await page.goto(address);
      return;
    } catch (why) {
      if (!String(why).includes("interrupted by another navigation")) throw why;
      await page.waitForLoadState("load");
    }
  }
  await page.goto(address);
}

// Lines that are empty get a word, an address or a number; choices and ticks stay as they are.
async function guesses(browser, page, link) {
  await goes(page, link);
  const opens = await page.evaluate(() => [...document.querySelectorAll('a[href*="?open="]')].slice(0, 3).map((a) => a.href));
  for (const address of [link, ...opens]) {
    await goes(page, address);
    const forms = await page.locator("form[method=post]").count();
    for (let n = 0; n < forms; n += 1) {
      await goes(page, address);
      // A press that answers with a redirect is not over when the click is.
      const answered = page.waitForNavigation({ timeout: 3000 }).then(() => true, () => false);
      const sent = await page.evaluate((n) => {
        for (const more of document.querySelectorAll("details")) more.open = true;
        const form = document.querySelectorAll("form[method=post]")[n];
        for (const field of form?.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea") ?? []) {
          if (field.value === "") field.value = field.name === "email" ? "robot@example.com" : field.name === "count" ? "1" : "Robot";
        }
        const button = form?.querySelector("button");
        button?.click();
        return Boolean(button);
      }, n);
      if (sent) await answered;
      browser.check((await page.locator("p.banner.good[role=status]").count()) === 0, `the robot has done something at form ${n} of ${address.split("?")[1] ?? "the page"}`);
    }
  }
}
