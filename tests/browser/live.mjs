// What changes while a page is open changes in place, without taking anything from whoever reads or types; and one goes anywhere by the
// palette, by keyboard alone.
import { answered } from "./contact.mjs";
import { logIn } from "./operator.mjs";

const SOON = 3000;

export async function live(browser, task) {
  const page = await logIn(browser, task);
  const round = `${browser.base}/rounds/${task.round}`;
  await changes(browser, page, round, task.nolan.assessment);
  const other = await page.context().newPage();
  await stops(browser, page, other, round);
  await rows(browser, page, other, round);
  await other.close();
  await palette(browser, page, round);
  await loggedOut(browser, page, round);
  await page.context().close();
}

// Opens a page and waits until it is told of changes.
async function listening(browser, page, address) {
  const [told] = await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/events")), page.goto(address)]);
  browser.check(told.status() === 200 && told.headers()["content-type"] === "text/event-stream", `live: ${told.status()} at ${told.url()}`);
}

async function changes(browser, page, round, link) {
  const send = await answered(browser, link);
  await listening(browser, page, round);
  const figure = () => page.locator("[data-live=rates] .figure").first().textContent();
  const before = await figure();
  // As if nothing of it had been there when the page was opened.
  const stood = await page.evaluate(() => {
    const place = document.querySelector("[data-live=directors]");
    const count = place.childElementCount;
    place.replaceChildren();
    return count === 1;
  });
  browser.check(stood, "live: the overview has no account directors");
  await page.locator("#find").fill("Okon");
  await page.locator("#roles-title").scrollIntoViewIfNeeded();
  const stands = () => page.evaluate(() => ({
    same: window.openedOnce, typed: document.getElementById("find").value, focus: document.activeElement.id,
    top: Math.round(document.getElementById("roles-title").getBoundingClientRect().top),
  }));
  await page.evaluate(() => { window.openedOnce = true; });
  const was = await stands();
  await send();
  await page.waitForFunction((before) => document.querySelector("[data-live=rates] .figure").textContent !== before, before, { timeout: SOON });
  const is = await stands();
  browser.check(is.same && is.typed === "Okon" && is.focus === "find", `live: something was taken away: ${JSON.stringify(is)}`);
  browser.check(Math.abs(is.top - was.top) <= 2, `live: what is read has moved from ${was.top} to ${is.top}`);
  browser.check(await page.locator("[data-live=directors] h2").count() === 1, "live: a part that came later is not there");
  browser.check(await page.locator("nav[aria-label=Round] [aria-current=page]").count() === 1, "live: the tabs are gone");
  await browser.look(page, "overview-changed");
}

async function tells(page, label) {
  await page.locator("summary").filter({ hasText: label }).click();
  await page.getByRole("button", { name: `${label} now` }).click();
  await page.locator(".banner.good").waitFor();
}

// The round is paused in another window; when it goes on, the page cannot ask, says so, and asks again until it can.
async function stops(browser, page, other, round) {
  await listening(browser, page, round);
  const state = page.locator("header .round .status");
  const buttons = () => page.locator("[data-live=acts] summary").allTextContents();
  await other.goto(round);
  await tells(other, "Pause");
  await state.filter({ hasText: "paused" }).waitFor();
  browser.check((await buttons()).includes("Resume"), `live: the buttons of a paused round are ${await buttons()}`);
  await page.route(round, (route) => route.abort("internetdisconnected"));
  await tells(other, "Resume");
  await page.getByText("Not up to date since").waitFor();
  await page.unroute(round);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await state.filter({ hasText: "running" }).waitFor();
  browser.check((await buttons()).includes("Pause"), `live: the buttons of a running round are ${await buttons()}`);
  browser.check(await page.getByText("Not up to date since").count() === 0, "live: a page that is up to date says that it is not");
}

// A row that comes is told and waits until it is asked for; one that leaves stays where it is, and nothing of it can be pressed.
async function rows(browser, page, other, round) {
  const held = `${round}/outbox?state=held`;
  const list = page.locator("[data-list=messages]");
  const press = async (address, name) => {
    await other.goto(address);
    await other.locator("[data-list=messages]").getByRole("button", { name }).last().click();
    await other.locator(".banner.good").waitFor();
  };
  await listening(browser, page, held);
  await list.getByText("No message is in this state.").waitFor();
  await press(`${round}/outbox?state=planned`, /^Hold/);
  await page.getByRole("button", { name: "1 new: show" }).waitFor();
  browser.check(await list.locator("tbody tr").count() === 0, "live: a new row has come by itself");
  await page.keyboard.press("n");
  await list.locator("tbody tr").waitFor();
  const focus = () => page.evaluate(() => document.activeElement.matches("[data-list=messages] [data-row]"));
  browser.check(await focus(), "live: whoever shows a new row is not on it");
  await press(held, /^Release/);
  await list.getByText("no longer here").waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await list.locator("tr.gone form[inert]").first().waitFor({ state: "attached" });
  browser.check(await list.locator("tbody tr").count() === 1, "live: a row that has left is taken away");
}

async function palette(browser, page, round) {
  const options = page.locator("#places [role=option]");
  const active = () => page.evaluate(() => document.getElementById(document.getElementById("wish").getAttribute("aria-activedescendant"))?.textContent ?? "");
  const open = async (address) => {
    await page.goto(address);
    await page.keyboard.press("Control+k");
    await page.locator("#palette[open]").waitFor();
  };

  await open(`${round}/contacts`);
  browser.check((await active()).startsWith("Overview"), `palette: first stands ${await active()}`);
  browser.check(await page.locator("#places [aria-selected=true]").count() === 1, "palette: not one place is chosen");
  await browser.look(page, "palette");
  await page.keyboard.type("hand");
  browser.check((await active()).startsWith("Hand-over"), `palette: "hand" leads to ${await active()}`);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/hand-over");

  // Arrows go through all and round; Escape leaves one where one was.
  await page.goto(`${round}/contacts`);
  await page.locator("#q").focus();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("ArrowDown");
  browser.check((await active()).startsWith("Contacts"), `palette: the second is ${await active()}`);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  browser.check(await active() === await options.last().textContent(), `palette: before the first comes ${await active()}`);
  await page.keyboard.press("Escape");
  await page.locator("#palette:not([open])").waitFor({ state: "attached" });
  browser.check(await page.evaluate(() => document.activeElement.id) === "q", "palette: Escape does not lead back");

  // Somebody: the search is last.
  await open(round);
  await page.keyboard.type("raman");
  await page.keyboard.press("ArrowUp");
  browser.check((await active()).startsWith("Find “raman”"), `palette: last stands ${await active()}`);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/contacts?q=raman");
  browser.check(await page.locator("tbody [data-row]").count() === 1, "palette: the search for Raman found others");

  // Or straight to the person, who stands on no page that is open.
  await open(`${round}/plan`);
  await page.keyboard.type("padraig");
  await options.filter({ hasText: "Pádraig Nolan" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Pádraig Nolan" }).waitFor();

  // Another round, which stands on another page; a new one; and what there is not.
  await open(`${round}/plan`);
  await page.keyboard.type("acme");
  await options.filter({ hasText: "Acme & Sons" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/rounds/acme-2038");
  await open(browser.base);
  await page.keyboard.type("nothing-like-it");
  await page.getByText("Nothing is called that.").waitFor();
  await browser.look(page, "palette-none");
  await page.locator("#wish").fill("new ro");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/rounds/new");
}

// Whoever has logged out in another window is told so on the page that is still open.
async function loggedOut(browser, page, round) {
  await listening(browser, page, round);
  const other = await page.context().newPage();
  await other.goto(browser.base);
  await other.getByRole("button", { name: "Log out" }).click();
  await other.waitForURL("**/log-in");
  await page.getByText("You are logged out").waitFor({ timeout: SOON });
}
