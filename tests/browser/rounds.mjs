// An operator makes a round and gets it ready: by keyboard on a desk, then looked at on a phone.
import { logIn } from "./operator.mjs";

const done = (page) => page.locator(".banner.good").waitFor();

export async function made(browser, task) {
  const page = await logIn(browser, task);
  // By keyboard alone: to the link, through the form, to its button.
  const link = page.getByRole("link", { name: "New round" });
  await link.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "New round" }).waitFor();
  await browser.look(page, "round-new");
  await page.locator("#template-client").focus();
  await page.keyboard.type("Acme & Sons");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Acme 2038");
  await page.keyboard.press("Enter");
  await page.locator("#template-round-error").waitFor();
  browser.check(await page.locator("#template-client").inputValue() === "Acme & Sons", "new round: what was typed is lost");
  await browser.look(page, "round-new-refused");
  await page.locator("#template-round").fill("acme-2038");
  await page.locator("#template-opens").fill("2038-02-08");
  await page.locator("#template-opens").press("Enter");
  await page.waitForURL("**/rounds/acme-2038/settings?done=make");
  await done(page);
  await browser.look(page, "round-settings");

  await page.getByRole("button", { name: "Add a country manager" }).click();
  await page.getByLabel("Country", { exact: true }).fill("Deutschland");
  await page.locator("#settings-senders\\.team\\.email").fill("kim");
  await page.getByRole("button", { name: "Save the settings" }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "round-settings-refused");
  const fill = async (fields) => { for (const [id, text] of fields) await page.locator(`[id="settings-${id}"]`).fill(text); };
  await fill([
    ["manager-1-country", "de"], ["manager-1-name", "Jo Kern"], ["manager-1-email", "jo@acme.test"],
    ["senders.team.name", "Kim Lee"], ["senders.team.email", "kim@acme.test"], ["senders.team.title", "Customer Relations"],
    ["senders.warm_up.name", "Ada Acme"], ["senders.warm_up.email", "ada@acme.test"], ["senders.warm_up.title", "Chief Executive"],
    ["signoff.sales_director", "Sam Poe"], ["signoff.sales_director_email", "sam@acme.test"],
  ]);
  await page.getByLabel("Tuesday").focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Save the settings" }).click();
  await done(page);
  browser.check(await page.getByLabel("Tuesday").isChecked(), "settings: the day that was picked is lost");

  await page.goto(`${browser.base}/rounds/acme-2038`);
  await browser.look(page, "round-draft");
  await page.getByRole("link", { name: "Schedule" }).click();
  const reminder = page.locator("details.touch").nth(2);
  await reminder.locator("summary").click();
  browser.check(!(await reminder.getByLabel("Pattern of times").isVisible()), "schedule: a cron text is in the way");
  browser.check(await reminder.getByLabel("Thursday").isChecked(), "schedule: Thursday is not picked");
  await reminder.getByLabel("Tuesday").check();
  await browser.look(page, "round-schedule");
  await page.getByRole("button", { name: "Save the schedule" }).click();
  await done(page);
  await page.goto(`${browser.base}/rounds/acme-2038/questions`);
  await browser.look(page, "round-questions");
  // One question in its form, by keyboard; then moved down by one.
  await page.getByRole("link", { name: /^Change/ }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Change the question" }).waitFor();
  await browser.look(page, "round-question");
  await page.locator("#questions-text-en").fill("");
  await page.getByRole("button", { name: "Save the question" }).click();
  await page.locator("#questions-text-en-error").waitFor();
  await browser.look(page, "round-question-refused");
  await page.locator("#questions-text-en").fill("They keep their word.");
  await page.getByRole("button", { name: "Save the question" }).click();
  await done(page);
  await page.getByRole("button", { name: "Down They keep their word." }).click();
  await done(page);
  const second = await page.locator("#questions ol").first().locator("li").nth(1).textContent();
  browser.check(second.includes("They keep their word."), `questions: the second is ${second}`);
  await page.locator("summary").filter({ hasText: "All questions as text" }).click();
  const text = page.locator("#questions-text");
  await text.fill((await text.inputValue()).replace("scale_1_7", "stars"));
  await page.getByRole("button", { name: "Save the questions" }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "round-questions-refused");

  await page.goto(`${browser.base}/rounds/acme-2038/check`);
  await browser.look(page, "round-check");
  await page.goto(`${browser.base}/rounds/acme-2038`);
  // Nobody could be asked: the list comes first.
  await page.getByRole("link", { name: "Load a list" }).first().waitFor();
  browser.check((await page.locator("summary").filter({ hasText: "Start" }).count()) === 0, "a draft without a list has a start");
  await browser.look(page, "round-without-list");
  await page.context().close();
}
