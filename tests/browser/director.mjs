// An account director on the phone between two meetings, and the sales director after him.
import { PHONE, DESK } from "./browser.mjs";

const HARROWGATE = "Harrowgate Pharma", CALDER = "Calder & Wye Foods";
const card = (page, account) => page.locator("section.account").filter({ has: page.locator("h2", { hasText: new RegExp(`^${account}`) }) });
// Opens what is folded, so that every name is seen; and the forms of one name.
const unfold = (account) => account.evaluate((e) => { for (const fold of e.querySelectorAll("details.one, details.fold")) fold.open = true; });
const change = async (page, account, who) => {
  await unfold(card(page, account));
  await name(card(page, account), who).getByRole("link", { name: /^Change/ }).tap();
  await page.waitForURL(/[?&]open=/);
  return name(card(page, account), who);
};
const name = (account, who) => account.locator("ul.names > li").filter({ has: account.page().locator("p:not(.banner)", { hasText: who }) });
const sign = async (account, count) => {
  await account.evaluate((e) => { for (const one of e.querySelectorAll("details.one")) one.open = true; });
  await account.getByLabel(/How many people are listed above/).fill(String(count));
  await account.getByRole("button", { name: /^(Sign off|Counter-sign) / }).tap();
};

export async function signs(browser, task) {
  const page = await browser.tab(PHONE);
  await page.goto(task.director.sign_off);
  await browser.look(page, "director", { thumbs: true });
  const listed = await card(page, HARROWGATE).locator("ul.names > li").count();

  // A wrong number: the error stands beside the field, and nothing is signed.
  await sign(card(page, HARROWGATE), listed + 1);
  await card(page, HARROWGATE).locator(".field.bad input[name=count][aria-invalid=true]").waitFor();
  browser.check(await page.locator("#mistakes a").count() === 1, "sign-off: no summary of the wrong number");
  await browser.look(page, "sign-off-wrong-number");
  await page.locator("#mistakes a").tap();
  browser.check(await page.evaluate(() => document.activeElement?.name) === "count", "sign-off: the summary leads nowhere");
  await page.goto(task.director.sign_off);
  browser.check(/To sign/.test(await card(page, HARROWGATE).textContent()), "sign-off: a wrong number signed");

  // Back to the refusal shows it again: nothing is asked, nothing is sent twice.
  await page.goBack();
  await card(page, HARROWGATE).locator(".field.bad input[name=count]").waitFor();
  browser.check(await card(page, HARROWGATE).locator("input[name=count]").inputValue() === String(listed + 1), "sign-off: Back lost what was typed");
  await page.reload();
  await card(page, HARROWGATE).locator(".field.bad input[name=count]").waitFor();
  await page.goto(task.director.sign_off);

  // A correction needs a tick; what was typed stays.
  let row = await change(page, HARROWGATE, "James Okonkwo");
  await browser.look(page, "sign-off-change", { thumbs: true });
  await row.locator("input[id^=correct-][name=job_title]").fill("Director of Procurement");
  await row.getByRole("button", { name: "Save the correction" }).tap();
  row = name(card(page, HARROWGATE), "James Okonkwo");
  await row.locator(".bad input[id^=correct-][name=confirm]").waitFor();
  browser.check(await row.locator("input[id^=correct-][name=job_title]").inputValue() === "Director of Procurement", "sign-off: the correction was lost");
  await browser.look(page, "sign-off-no-tick");
  await row.getByLabel("Yes, this is correct now").check();
  await row.getByRole("button", { name: "Save the correction" }).tap();
  await page.getByRole("status").filter({ hasText: "The correction of James Okonkwo is saved." }).waitFor();
  browser.check(await name(card(page, HARROWGATE), "Director of Procurement").count() === 1, "sign-off: the correction is not shown");

  // One name is removed, put back and removed again.
  for (const again of [true, false]) {
    row = await change(page, HARROWGATE, "Gareth Pugh");
    await row.locator("summary").filter({ hasText: /^Remove/ }).tap();
    await row.getByLabel("Why?").selectOption({ index: 1 });
    await row.getByRole("button", { name: /^Remove Gareth Pugh/ }).tap();
    await page.getByRole("status").filter({ hasText: "Gareth Pugh was removed" }).waitFor();
    if (!again) break;
    const account = card(page, HARROWGATE);
    await account.getByText(/^Removed: /).tap();
    row = name(account, "Gareth Pugh");
    await row.locator("summary").tap();
    await row.locator("input[type=checkbox]").check();
    await row.getByRole("button", { name: /Put back/ }).tap();
    await page.getByRole("status").filter({ hasText: "Gareth Pugh is back" }).waitFor();
  }

  await adds(browser, page);

  browser.check(/#(name|sign|account|ask)-/.test(page.url()), `sign-off: not where one was: ${page.url()}`);
  await page.evaluate(() => { sessionStorage.presses = 0; });

  // The right number signs; a strategic account then waits for the sales director, another one is done.
  await sign(card(page, HARROWGATE), listed - 1);
  await page.getByRole("status").filter({ hasText: `Signed: ${listed - 1} names at ${HARROWGATE}` }).waitFor();
  browser.check(/Waiting for the sales director/.test(await card(page, HARROWGATE).textContent()), "sign-off: nobody waits for the sales director");
  await sign(card(page, CALDER), await card(page, CALDER).locator("ul.names > li").count());
  await card(page, CALDER).getByText(/^Signed by Rachel Osei/).waitFor();
  await browser.presses(page, 4, "a director signs two accounts");
  // The page scrolls to the account by and by: what counts is where it comes to rest.
  const rests = () => (document.querySelector(location.hash)?.getBoundingClientRect().top ?? Infinity) < innerHeight / 2;
  const there = await page.waitForFunction(rests).then(() => true, () => false);
  browser.check(there, "sign-off: one stands elsewhere after signing");
  await browser.look(page, "sign-off-signed");
  await page.context().close();

  await notLinks(browser);
}

// One person is added, taken back, and a question asked: what is refused stays typed.
async function adds(browser, page) {
  let account = card(page, HARROWGATE);
  await account.locator("summary").filter({ hasText: /^Add a person/ }).tap();
  const fill = async (values) => { for (const [label, value] of Object.entries(values)) await account.locator("[id^=add-]").getByLabel(label, { exact: true }).fill(value); };
  await fill({ "First name": "Nora", "Last name": "Nilsson", "E-mail": "nora.nilsson@harrowgate.example" });
  await account.getByRole("button", { name: "Add to the list" }).tap();
  await account.locator(".field.bad [name=role]").waitFor();
  account = card(page, HARROWGATE);
  browser.check(await account.locator("[id^=add-][name=first_name]").inputValue() === "Nora", "sign-off: the person was lost");
  await account.locator("[id^=add-][name=role]").selectOption("influencer");
  await account.getByRole("button", { name: "Add to the list" }).tap();
  await page.getByRole("status").filter({ hasText: "Nora Nilsson is on the list" }).waitFor();
  await browser.look(page, "sign-off-added", { thumbs: true });
  account = card(page, HARROWGATE);
  await account.locator(".undo input[type=checkbox]").check();
  await account.locator(".undo button").tap();
  await page.getByRole("status").filter({ hasText: "Taken back" }).waitFor();
  account = card(page, HARROWGATE);
  await account.locator("summary").filter({ hasText: /^Ask us/ }).tap();
  await account.locator("[name=topic]").selectOption("name");
  await account.locator("textarea[name=question]").fill("Is Gareth Pugh still there?");
  await account.getByRole("button", { name: "Send the question" }).tap();
  await page.getByRole("status").filter({ hasText: "has been sent" }).waitFor();
}

// Pages that say no: a cut link, and an address that is none.
async function notLinks(browser) {
  const page = await browser.tab(DESK);
  await page.goto(`${browser.base}/sign-off/cut-in-two`);
  await browser.look(page, "unknown-link");
  await page.goto(`${browser.base}/nowhere`);
  await browser.look(page, "no-page");
  await page.context().close();
}

export async function counterSigns(browser, task) {
  const page = await browser.tab(PHONE);
  await page.goto(task.director.sign_off);
  await browser.look(page, "counter-sign", { thumbs: true });
  const account = card(page, HARROWGATE);
  await unfold(account);
  browser.check(await account.getByRole("link", { name: /^Change/ }).count() === 0, "counter-sign: names can be changed");
  await page.evaluate(() => { sessionStorage.presses = 0; });
  await sign(account, await account.locator("li.person").count());
  await page.getByRole("status").filter({ hasText: `Counter-signed: ` }).waitFor();
  await browser.presses(page, 2, "the sales director signs an account");
  await browser.look(page, "counter-signed");
  await page.context().close();
}
