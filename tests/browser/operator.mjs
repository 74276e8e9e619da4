// An operator in the morning: in by the link, through every tab, and the few things one does there; by keyboard where it is quicker.
import { PHONE, DESK } from "./browser.mjs";

const TABS = ["Overview", "Contacts", "Accounts", "Calls", "Sign-off", "Plan", "Outbox", "Hand-over"];

export async function logIn(browser, task) {
  const page = await browser.tab(DESK);
  await page.goto(browser.base);
  browser.check(page.url().endsWith("/log-in"), `the console is open to all: ${page.url()}`);
  await page.goto(task.operator.link);
  const button = page.getByRole("button", { name: "Log in" });
  await page.getByLabel("E-mail address").fill("somebody@else.example");
  await button.click();
  await page.locator("#email-error").waitFor();
  await browser.look(page, `${task.stage}-log-in-wrong`);
  await page.getByLabel("E-mail address").fill(task.operator.email);
  await button.click();
  await page.waitForURL(`${browser.base}/`);
  return page;
}

// Before the round is open: what the console shows while directors sign.
export async function before(browser, task) {
  const page = await browser.tab(DESK);
  await page.goto(`${browser.base}/log-in`);
  await browser.look(page, "log-in");
  await page.getByLabel("E-mail address").fill("nobody@here.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByRole("heading", { name: "The mail is on its way" }).waitFor();
  await browser.look(page, "log-in-sent");
  await page.context().close();

  const inside = await logIn(browser, task);
  await inside.locator("[data-row]").first().click();
  await browser.look(inside, "before-overview");
  for (const tab of ["Sign-off", "Plan", "Hand-over"]) {
    await inside.getByRole("link", { name: tab, exact: true }).first().click();
    await browser.look(inside, `before-${tab.toLowerCase()}`);
  }
  await inside.context().close();
}

export async function during(browser, task) {
  const page = await logIn(browser, task);
  const round = `${browser.base}/rounds/${task.round}`;
  await browser.look(page, "rounds");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${round}**`);
  for (const tab of TABS) {
    await page.locator("nav[aria-label=Round]").getByRole("link", { name: tab, exact: true }).click();
    await page.locator("nav [aria-current=page]").getByText(tab).waitFor();
    await browser.look(page, tab.toLowerCase());
  }
  await keys(browser, page, round);
  await many(browser, page, round);
  await pausing(browser, page, round);
  await planning(browser, page, round);
  await away(browser, page, round);
  await calls(browser, page, round);
  await outbox(browser, page, round);
  await replies(browser, page, round);

  // One person's whole story; the one whose name attacks; the one who takes no mail.
  for (const [name, q] of [["contact", "Okonkwo"], ["contact-canary", "canary@"], ["contact-undeliverable", "Declan Burke"]]) {
    await page.goto(`${round}/contacts?q=${encodeURIComponent(q)}`);
    await page.locator("tbody [data-row]").first().click();
    await page.evaluate(() => { for (const more of document.querySelectorAll("details")) more.open = true; });
    await browser.look(page, name);
  }
  await page.getByRole("button", { name: /^Take .* off the list/ }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "contact-no-reason");
  await page.goto(`${round}/repairs`);
  await browser.look(page, "repairs");
  await page.goto(`${round}/contacts?q=Okonkwo`);
  await page.locator("tbody [data-row]").first().click();
  await page.getByRole("link", { name: /^Read it\s*: .* sent/ }).first().click();
  await page.frameLocator("iframe.letter").getByText(/James|Okonkwo/).first().waitFor();
  await browser.look(page, "letter");
  await page.goto(`${round}/contacts?q=nobody-like-that`);
  await browser.look(page, "contacts-none");
  await page.goto(`${round}/plan`);
  await page.locator("details > summary").first().click();
  await browser.look(page, "plan-day");

  await page.getByRole("button", { name: "Log out" }).click();
  await page.goto(round);
  browser.check(page.url().endsWith("/log-in"), "still inside after logging out");
  await page.context().close();
}

async function keys(browser, page, round) {
  await page.goto(`${round}/contacts`);
  const focus = () => page.evaluate(() => document.activeElement.textContent.trim());
  const rows = await page.locator("[data-row]").allTextContents();
  for (const [key, row] of [["j", 0], ["j", 1], ["j", 2], ["k", 1]]) {
    await page.keyboard.press(key);
    browser.check(await focus() === rows[row].trim(), `key ${key}: at "${await focus()}", not at "${rows[row]}"`);
  }
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await browser.look(page, "keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("raman");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/contacts?*q=raman*");
  browser.check(await page.locator("tbody [data-row]").count() === 1, "the search for Raman found others");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Priya Raman" }).waitFor();
}

// An account's own page; and two contacts chosen by key, with what would be done to both.
async function many(browser, page, round) {
  await page.goto(`${round}/accounts`);
  await page.locator("tbody [data-row]").first().click();
  await browser.look(page, "account");
  await page.goto(`${round}/contacts?sort=account`);
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  browser.check(await page.locator("input[name=who]:checked").count() === 2, "keys: x does not choose the row");
  await page.getByLabel("With those who are chosen").selectOption("remove");
  await page.getByRole("button", { name: "See what it would do" }).click();
  await page.getByRole("button", { name: /^Take . .* off the list/ }).click();
  await page.getByText("Say it in a few words.").first().waitFor();
  await browser.look(page, "bulk-no-reason");
}

async function pausing(browser, page, round) {
  await page.goto(round);
  await page.locator("summary").filter({ hasText: "Pause" }).click();
  await page.getByRole("button", { name: "Pause now" }).click();
  await page.locator("summary").filter({ hasText: "Resume" }).waitFor();
  await browser.look(page, "overview-paused");
  await page.locator("summary").filter({ hasText: "Resume" }).click();
  await page.getByRole("button", { name: "Resume now" }).click();
  await page.locator("summary").filter({ hasText: "Pause" }).waitFor();
  // Closing needs its tick.
  await page.locator("summary").filter({ hasText: "Close" }).click();
  await page.getByRole("button", { name: "Close now" }).click();
  await page.getByText("Tick the box to close the round for good.").waitFor();
  await browser.look(page, "close-not-ticked");
}

const done = (page) => page.locator(".banner.good").waitFor();

// A leave without a day is said beside its field; a call is one press, and another takes it back.
async function calls(browser, page, round) {
  await page.goto(`${round}/calls`);
  const first = () => page.locator("ol.rows > li").first();
  const name = await first().locator("[data-row]").textContent();
  await first().locator("summary").click();
  await first().getByRole("button", { name: /^On leave until this day/ }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "calls-no-day");
  await page.goto(`${round}/calls`);
  await first().getByRole("button", { name: /^I call today/ }).click();
  await done(page);
  await first().getByRole("button", { name: /^Called/ }).click();
  await done(page);
  await browser.look(page, "calls-called");
  browser.check(await first().locator("[data-row]").textContent() !== name, `${name} was called and still stands first`);
  await page.getByRole("button", { name: /^Take back/ }).first().click();
  await page.getByText("The call is taken back.").waitFor();
  browser.check(await first().locator("[data-row]").textContent() === name, `${name} does not stand first again`);
}

// A country is paused and let go on; a reminder is moved; each after a look at what it does.
async function planning(browser, page, round) {
  await page.goto(`${round}/plan`);
  await page.getByRole("link", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "See what it holds" }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "plan-pause-refused");
  await page.getByLabel("What is paused").selectOption("country:FR");
  await page.getByLabel("Why").fill("Strike at the railways");
  await page.getByRole("button", { name: "See what it holds" }).click();
  await page.getByRole("heading", { level: 1, name: "Pause France?" }).waitFor();
  await browser.look(page, "plan-pause-confirm");
  await page.getByRole("button", { name: "Back, without doing it" }).click();
  browser.check(await page.getByLabel("Why").inputValue() === "Strike at the railways", "pause: what was typed is lost");
  await page.getByRole("button", { name: "See what it holds" }).click();
  await page.getByRole("button", { name: "Pause France" }).click();
  await done(page);
  for (const more of await page.locator("main details").all()) await more.evaluate((d) => { d.open = true; });
  await browser.look(page, "plan-paused");
  await page.getByRole("button", { name: "Lift the pause of France" }).click();
  await done(page);
  browser.check(await page.getByRole("heading", { name: "Paused" }).count() === 0, "plan: still paused");

  await page.getByRole("link", { name: "Change the schedule" }).click();
  const reminder = page.locator("details.touch").filter({ hasText: "0 14 * 3 TUE" });
  await reminder.locator("summary").click();
  browser.check(!(await reminder.getByLabel("Working days").isVisible()), "change: the fields of other timings are in the way");
  await browser.look(page, "plan-change");
  await reminder.getByLabel("Pattern of times").fill("every Tuesday");
  await page.getByRole("button", { name: "See what it does" }).click();
  await page.locator("#mistakes").waitFor();
  await browser.look(page, "plan-change-refused");
  await page.locator("details.touch[open]").getByLabel("Pattern of times").fill("30 14 * 3 TUE");
  await page.getByRole("button", { name: "See what it does" }).click();
  await page.getByText("to another time").waitFor();
  await browser.look(page, "plan-change-confirm");
  await page.getByRole("button", { name: "Make this change" }).click();
  await done(page);

  await page.getByRole("link", { name: "Words" }).click();
  await browser.look(page, "plan-words");
  await page.locator("tbody [data-row]").first().click();
  await page.getByRole("button", { name: "See what it does" }).click();
  await page.getByText("Nothing is different yet").waitFor();
  await browser.look(page, "plan-text");
}

async function away(browser, page, round) {
  await page.goto(`${round}/contacts?q=raman`);
  await page.locator("tbody [data-row]").first().click();
  await page.locator("summary").filter({ hasText: "Away until" }).click();
  await page.getByLabel("Last day away").fill("2027-02-12");
  await page.locator("#away-reason").fill("Her automatic reply");
  await page.getByRole("button", { name: "Note the absence" }).click();
  await done(page);
  await page.getByText("Away up to and including Fri 12 Feb").waitFor();
  await browser.look(page, "contact-away");
}

async function replies(browser, page, round) {
  await page.goto(`${round}/replies`);
  // What a contact wrote, what a director has asked on his page, and a mail that names no message of ours.
  await page.getByRole("heading", { name: "3 replies wait for you" }).waitFor();
  browser.check(await page.getByRole("link", { name: /^Answer by mail/ }).count() === 1, "replies: a director's question cannot be answered");
  await browser.look(page, "replies");
  await page.locator("summary").filter({ hasText: "Away until" }).first().click();
  await page.getByRole("button", { name: "Note the absence" }).click();
  await page.getByText("Write the last day away").first().waitFor();
  await browser.look(page, "replies-refused");
  await page.goto(`${round}/replies`);
  for (const left of ["2 replies wait for you", "1 reply waits for you", "No reply waits for you"]) {
    await page.locator("summary").filter({ hasText: "Seen to" }).first().click();
    await page.getByLabel("What was done").first().fill("Called back");
    await page.getByRole("button", { name: "It is seen to" }).first().click();
    await page.getByRole("heading", { name: left }).waitFor();
  }
  await browser.look(page, "replies-none");
}

async function outbox(browser, page, round) {
  await page.goto(`${round}/outbox?state=planned`);
  await page.getByRole("button", { name: /^Hold/ }).first().click();
  await page.locator(".banner.good").waitFor();
  await page.goto(`${round}/outbox?state=held`);
  await browser.look(page, "outbox-held");
  await page.getByRole("button", { name: /^Release/ }).first().click();
  await page.locator(".banner.good").waitFor();
  await page.goto(`${round}/outbox?state=held`);
  await page.getByText("No message is in this state.").waitFor();

  await page.goto(`${round}/outbox?state=in_doubt`);
  await page.locator("summary").filter({ hasText: "Send again" }).click();
  await browser.look(page, "outbox-in-doubt");
  await page.getByRole("button", { name: /^It arrived/ }).click();
  await page.locator(".banner.good").waitFor();
  browser.check(await page.getByRole("heading", { name: "Did these arrive?" }).count() === 0, "outbox: still in doubt");
  await page.goto(`${round}/outbox?state=failed`);
  await browser.look(page, "outbox-failed");
}
