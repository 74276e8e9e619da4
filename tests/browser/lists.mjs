// An operations lead makes a round and loads a list into it, as she would: on a desk, on a phone, by keyboard alone, and without scripts.
import { PHONE, DESK } from "./browser.mjs";

const LIST = `Contacts for the assessment;;;;;
;;;;;
Firma;Vorname;Nachname;E-Mail;Betreuer E-Mail;Segment
Alster Chemie;Petra;Lund;petra.lund@alsterchemie.example;dora.dean@orbis.example;A
Alster Chemie;Kai;Brandt;kai.brandt@alsterchemie;dora.dean@orbis.example;A
Cobalt Freight;Ann;Ortiz;;dora.dean@orbis.example;B
Ten Brink;Lotte;de Wit;lotte.dewit@tenbrink.example;mark.ellis@orbis.example;<b>A</b>
`;
const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const ABOUT = [
  ["Client", "Orbis Packaging"], ["Title", "Relationship assessment 2027"], ["Opens", "2027-04-12"], ["Closes", "2027-05-07"],
  ["Time zone", "Europe/Berlin"], ["Sales director", "Rita Lang"], ["The sales director’s e-mail address", "rita.lang@orbis.example"],
];

async function inside(browser, task, options) {
  const page = await browser.tab(DESK, options);
  await page.goto(task.operator.links.shift());
  await page.getByLabel("E-mail address").fill(task.operator.email);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${browser.base}/`);
  return page;
}

async function makes(page, browser, slug) {
  await page.goto(`${browser.base}/rounds/new`);
  for (const [label, value] of ABOUT) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByLabel("Short name").fill(slug);
  for (const who of ["warm-up", "team"]) {
    const section = page.locator(`section[aria-labelledby="${who}"]`);
    await section.getByLabel("Name").fill("Ines Falk");
    await section.getByLabel("E-mail address").fill(`${who}@orbis.example`);
  }
}

export async function makesARound(browser, task) {
  const page = await inside(browser, task);
  await page.goto(browser.base);
  await page.getByRole("link", { name: "Make a round" }).click();
  await page.getByRole("button", { name: "Make the round" }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "round-new-refused");
  // The summary leads into the field.
  await page.locator("#mistakes a").first().click();
  browser.check(await page.evaluate(() => document.activeElement.matches("input")), "new round: the summary leads into no field");
  await makes(page, browser, "orbis-2027");
  await browser.look(page, "round-new");
  await page.getByRole("button", { name: "Make the round" }).click();
  await page.locator(".banner.good").waitFor();
  await browser.look(page, "settings");
  await page.getByLabel("Colour").fill("blue");
  await page.getByRole("button", { name: "Save the settings" }).click();
  await page.locator("#mistakes").waitFor();
  browser.check(await page.getByLabel("Colour").inputValue() === "blue", "settings: what was typed is lost");
  await browser.look(page, "settings-refused");
  await page.getByLabel("Colour").fill("#14595c");
  await page.getByLabel("Minutes it takes to answer").fill("7");
  await page.getByRole("button", { name: "Save the settings" }).click();
  await page.locator(".banner.good").waitFor();
  await page.getByRole("link", { name: "the questions", exact: true }).click();
  await browser.look(page, "questions");
  await page.getByRole("link", { name: "Back to the settings" }).click();
  await page.getByRole("link", { name: "the schedule" }).click();
  const reminder = page.locator("details.touch").nth(2);
  await reminder.locator("summary").click();
  await reminder.getByLabel("Tuesday").check();
  browser.check(!(await reminder.getByLabel("Cron expression").isVisible()), "weekdays: the expression is in the way");
  await browser.look(page, "plan-weekdays");
  await page.getByRole("button", { name: "See what it does" }).click();
  await page.getByRole("button", { name: "Make this change" }).click();
  await page.locator(".banner.good").waitFor();
  await page.context().close();
}

export async function loadsAList(browser, task) {
  const page = await inside(browser, task);
  const round = `${browser.base}/rounds/${task.round}`;
  await page.goto(`${round}/contacts`);
  await page.getByRole("link", { name: "Load a list" }).click();
  await browser.look(page, "list");
  await page.locator("#file").setInputFiles(file("offer.csv", ""));
  await page.getByRole("button", { name: "Upload the list" }).click();
  await page.locator("#file-error").waitFor();
  await browser.look(page, "list-refused");
  await page.locator("#file").setInputFiles(file("orbis.csv", LIST));
  await page.getByRole("button", { name: "Upload the list" }).click();
  await page.getByRole("button", { name: "Check the rows" }).waitFor();
  await browser.look(page, "list-columns");
  // "Betreuer" is the account manager for most; here it is who signs. Said once, it is known the next time.
  await page.locator("#column-5").selectOption("account_director_email");
  await page.locator("#column-6").selectOption("account");
  await page.getByRole("button", { name: "Check the rows" }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "list-columns-refused");
  await page.locator("#column-6").selectOption("none");
  await page.getByRole("button", { name: "Check the rows" }).click();
  await page.getByRole("heading", { level: 1, name: /4 rows/ }).waitFor();
  await browser.look(page, "list-findings");
  await page.getByRole("button", { name: "See what would change" }).first().click();
  await page.getByRole("heading", { level: 1, name: /2 new/ }).waitFor();
  browser.check(await page.evaluate(() => window.__pwned === undefined && !document.querySelector("main li b b")), "a cell of a list became markup");
  await browser.look(page, "list-difference");
  await page.getByRole("button", { name: /^Load 2 contacts/ }).click();
  await page.getByText("The list is loaded.").waitFor();
  browser.check(page.url().includes("/sign-off"), `after a load one stands at ${page.url()}`);
  await page.context().close();
}

// The same on a phone, by keyboard alone; one column was said before and is known.
async function byKeyboard(browser, task) {
  const page = await inside(browser, task);
  await page.setViewportSize(PHONE);
  await page.goto(`${browser.base}/rounds/${task.round}/list`);
  await page.locator("#file").setInputFiles(file("again.csv", LIST.replace("Lund;petra", "Lund-Weber;petra")));
  const press = async (name) => {
    const button = page.locator("button, a").filter({ hasText: name }).first();
    await button.waitFor();
    for (let n = 0; n < 120; n += 1) {
      if (await button.evaluate((element) => element === document.activeElement)) return page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
    }
    browser.check(false, `keyboard: "${name}" is not reached`);
  };
  await press("Upload the list");
  await press("Check the rows");
  await press("See what would change");
  await page.locator("del, ins").first().waitFor();
  await browser.look(page, "list-difference-changed");
  await press("Load ");
  await page.getByText("The list is loaded.").waitFor();
  await page.context().close();
}

async function withoutScripts(browser, task) {
  const page = await inside(browser, task, { javaScriptEnabled: false });
  await page.goto(`${browser.base}/rounds/${task.round}/list`);
  await page.locator("#file").setInputFiles(file("plain.csv", LIST));
  await page.getByRole("button", { name: "Upload the list" }).click();
  await page.getByRole("button", { name: "Check the rows" }).click();
  await page.getByRole("button", { name: "See what would change" }).first().click();
  await page.getByRole("button", { name: "Take it away" }).click();
  await page.getByText("The uploaded list is taken away").waitFor();
  await page.context().close();
}

// One after the other: a list of one operator takes the place of the one before.
export async function again(browser, task) {
  await byKeyboard(browser, task);
  await withoutScripts(browser, task);
}
