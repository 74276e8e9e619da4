// An operations lead loads a list into a round, as she would: on a desk, on a phone, by keyboard alone, and without scripts.
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

async function inside(browser, task, options) {
  const page = await browser.tab(DESK, options);
  await page.goto(task.operator.links.shift());
  await page.getByLabel("E-mail address").fill(task.operator.email);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${browser.base}/`);
  return page;
}

// An upload that hangs is stopped by whoever waits for it, and a refusal is told in its two sentences beside the button, which works again.
async function stopsAndIsRefused(browser, page) {
  const upload = async (answer) => {
    await page.route("**/list", (route) => route.request().method() === "POST" ? answer(route) : route.fallback());
    await page.locator("#file").setInputFiles(file("orbis.csv", LIST));
    await page.getByRole("button", { name: "Upload the list" }).click();
  };
  const told = async (text) => {
    await page.locator("[data-said]").filter({ hasText: text }).waitFor();
    browser.check(await page.getByRole("button", { name: "Upload the list" }).isEnabled(), `the button is dead after: ${text}`);
    await page.unroute("**/list");
  };
  await upload(() => {});
  await page.getByRole("button", { name: "Stop the upload" }).click();
  await told("You stopped the upload; nothing was changed.");
  const refusal = "<main><h1>Too large</h1><p class=lead>The file is too large.</p><p>Split it.</p><p class=muted>Status 410</p></main>";
  await upload((route) => route.fulfill({ status: 410, contentType: "text/html", body: refusal }));
  await told(/^The file is too large\. Split it\.$/);
}

export async function loadsAList(browser, task) {
  const page = await inside(browser, task);
  const round = `${browser.base}/rounds/${task.round}`;
  await page.goto(`${round}/contacts`);
  await page.getByRole("link", { name: "Load a list" }).click();
  await page.waitForURL(/\/list$/);
  await browser.look(page, "list");
  await page.locator("#file").setInputFiles(file("offer.csv", ""));
  await page.getByRole("button", { name: "Upload the list" }).click();
  await page.locator("#file-error").waitFor();
  await browser.look(page, "list-refused");
  await stopsAndIsRefused(browser, page);
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
  // The round has been started, and one of its accounts would get another director: that is asked.
  await page.getByRole("button", { name: /^Load 2 contacts/ }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "list-difference-refused");
  await page.getByLabel(/That is meant/).check();
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
  await page.getByText("as for an earlier list of this client").first().waitFor();
  await browser.look(page, "list-columns-again");
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

export async function again(browser, task) {
  await byKeyboard(browser, task);
  await withoutScripts(browser, task);
}
