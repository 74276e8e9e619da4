// A contact answers: with a thumb, with the keyboard, without JavaScript, in pieces; or would rather not.
import { PHONE, DESK } from "./browser.mjs";
import { weight } from "./inspect.mjs";

const HEAVIEST = 50_000;
const proceed = (page) => page.getByRole("button", { name: "Continue" });
const titled = (page, title) => page.getByRole("heading", { level: 1, name: title }).waitFor();
const onCheck = (page) => titled(page, "Check your answers");
const progress = async (page) => (await page.locator(".progress").textContent()).trim();

// Gives every question of the page an answer, each by `give(radio label)`.
async function answerAll(page, give) {
  for (const question of await page.locator("fieldset.question").all()) await give(question.locator("label").filter({ has: page.locator("input:not([value=''])") }).nth(2));
}

// Page by page to the end, looking at each.
async function through(browser, page, look, give, press) {
  for (let n = 1; /^\d of \d$/.test(await page.locator(".progress").count() ? await progress(page) : ""); n += 1) {
    if (look) await browser.look(page, `${look}-${n}`, { thumbs: true });
    if (look && await page.locator("textarea[data-longest]").count()) {
      const before = await page.evaluate(() => sessionStorage.presses);
      await counts(browser, page);
      await page.evaluate((n) => { sessionStorage.presses = n; }, before);
    }
    await answerAll(page, give);
    await Promise.all([page.waitForEvent("framenavigated"), press(proceed(page))]);
    await page.waitForLoadState();
    if (n > 12) throw new Error("the assessment does not end");
  }
  await onCheck(page);
}

export async function taps(browser, task) {
  const link = task.taps.assessment;
  const heavy = await weight(browser, link);
  browser.check(heavy > 1000 && heavy <= HEAVIEST, `the first page of the assessment weighs ${heavy} bytes`);
  let page = await browser.tab(PHONE);
  await page.goto(link);
  const first = await progress(page);

  // Nothing chosen: the summary names each question and leads to it.
  await proceed(page).tap();
  await page.locator("#mistakes").waitFor();
  browser.check(await page.locator("#mistakes a").count() === await page.locator("fieldset.bad").count(), "assessment: the summary misses a question");
  browser.check(await page.evaluate(() => document.activeElement?.id) === "mistakes", "assessment: the summary is not read out");
  await browser.look(page, "assessment-missing", { thumbs: true });
  await page.locator("#mistakes a").first().tap();

  // One page, then the tab is closed; the same link goes on where it was left.
  await answerAll(page, (label) => label.tap());
  await Promise.all([page.waitForEvent("framenavigated"), proceed(page).tap()]);
  const second = await progress(page);
  browser.check(first !== second, `assessment: still at ${second}`);
  await page.context().close();
  page = await browser.tab(PHONE);
  await page.goto(link);
  browser.check(await progress(page) === second, `assessment: resumed at ${await progress(page)}, not ${second}`);
  await page.getByRole("button", { name: "Back" }).tap();
  await page.waitForFunction((first) => document.querySelector(".progress").textContent.trim() === first, first);
  browser.check(await page.locator("input:checked").count() === await page.locator("fieldset.question").count(), "assessment: answers were lost on the way back");
  await through(browser, page, "assessment", (label) => label.tap(), (button) => button.tap());
  const questions = await page.locator(".checked dt").count();
  await browser.presses(page, questions + 8, "a contact answers everything");
  await browser.look(page, "assessment-check", { thumbs: true });

  // Change leads to a field that there is, whatever its kind.
  for (const change of await page.locator(".change a").all()) {
    const target = new URL(await change.getAttribute("href"), page.url());
    const html = await (await page.context().request.get(target.href)).text();
    browser.check(html.includes(`id="${decodeURIComponent(target.hash.slice(1))}"`), `assessment: Change leads nowhere: ${target.href}`);
  }

  // Changing one answer from there comes back there.
  await page.getByRole("link", { name: /^Change/ }).first().tap();
  await proceed(page).tap();
  await onCheck(page);
  browser.check(/#change\./.test(page.url()), `assessment: not at the answer that was changed: ${page.url()}`);
  await page.getByRole("button", { name: "Send my answers" }).tap();
  await titled(page, /Thank you/);
  await browser.look(page, "assessment-thanks");
  await page.context().close();
  page = await browser.tab(PHONE);
  await page.goto(link);
  await titled(page, /already answered/);
  await browser.look(page, "assessment-already");
  await page.context().close();
}

// Answers everything but for the last press, which is left to the caller.
export async function answered(browser, link) {
  const page = await browser.tab(PHONE);
  await page.goto(link);
  await through(browser, page, null, (label) => label.tap(), (button) => button.tap());
  return async () => {
    await page.getByRole("button", { name: "Send my answers" }).tap();
    await titled(page, /Thank you/);
    await page.context().close();
  };
}

// Tab, arrows, space and Enter only; Send is pressed twice in a hurry.
export async function keys(browser, task) {
  const page = await browser.tab(DESK);
  await page.goto(task.keys.assessment);
  let sent = 0;
  page.on("request", (r) => { if (r.method() === "POST" && /go=send/.test(r.postData() ?? "")) sent += 1; });
  const focused = () => page.evaluate(() => ({ type: document.activeElement.type, name: document.activeElement.name, text: document.activeElement.textContent, seen: getComputedStyle(document.activeElement.closest("label")?.querySelector("span") ?? document.activeElement).outlineStyle }));
  for (let steps = 0, done = ""; steps < 120; steps += 1) {
    await page.keyboard.press("Tab");
    const at = await focused();
    if (at.type === "radio" && at.name !== done) {
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowRight");
      const chosen = await page.evaluate(() => document.activeElement.checked);
      browser.check(chosen, `keyboard: ${at.name} is not chosen`);
      done = at.name;
    } else if (at.type === "submit" && /Continue/.test(at.text)) {
      browser.check(at.seen !== "none", "keyboard: one does not see where one is");
      await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
      await page.waitForLoadState();
    } else if (at.type === "submit" && /Send/.test(at.text)) {
      await page.getByRole("button", { name: "Send my answers" }).dblclick();
      break;
    }
  }
  await titled(page, /Thank you|already answered/);
  browser.check(sent >= 1, "keyboard: nothing was sent");
  await page.context().close();
}

// The same table stands in rules/response.rs: what is left over is counted in the browser as the server counts it.
const COUNTED = [["abc", 3], [" abc\n ", 3], ["a\nb\nc\nd", 7], ["\u00e9", 1], ["e\u0301", 1], ["Z\u0306", 2], ["\u{1f44d}", 1], ["\u{1f44d}\u{1f3fd}", 2], ["\u1112\u1161\u11ab", 1], ["\u05e9\u05c1", 2]];

async function counts(browser, page) {
  const area = page.locator("textarea[data-longest]").first();
  for (const [text, counted] of COUNTED) {
    await area.fill(text);
    const left = await page.locator(`[id="${await area.getAttribute("id")}-hint"]`).textContent();
    browser.check(left.startsWith((4000 - counted).toLocaleString("en")), `assessment: ${JSON.stringify(text)} is counted as "${left}", not ${counted}`);
  }
  await area.fill("");
}

// Without JavaScript the same works, page by page.
export async function plain(browser, task) {
  const page = await browser.tab(PHONE, { javaScriptEnabled: false });
  await page.goto(task.plain.assessment);
  await proceed(page).tap();
  await page.locator("#mistakes").waitFor();
  await through(browser, page, null, (label) => label.tap(), (button) => button.tap());
  await page.getByRole("button", { name: "Send my answers" }).tap();
  await titled(page, /Thank you/);
  await browser.look(page, "assessment-thanks-plain", { scripts: false });
  await page.context().close();
}

// What was touched is kept without a press of Continue, and the page says so only when it is true.
export async function saves(browser, task) {
  let page = await browser.tab(PHONE);
  await page.goto(task.saves.assessment);
  const radio = page.locator("fieldset.question").first().locator("label").nth(4);
  const saved = page.waitForResponse((r) => r.request().method() === "POST");
  await radio.tap();
  browser.check((await saved).status() === 204, `autosave: ${(await saved).status()}`);
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.context().setOffline(true);
  await page.locator("fieldset.question").nth(1).locator("label").nth(2).tap();
  await page.getByText(/^Not saved yet/).waitFor();
  await browser.look(page, "assessment-offline");
  await page.context().setOffline(false);
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.context().close();
  page = await browser.tab(PHONE);
  await page.goto(task.saves.assessment);
  const kept = await page.locator("fieldset.question input:checked").evaluateAll((all) => all.map((i) => i.value));
  browser.check(kept.join() === "5,3", `autosave: kept ${kept}`);
  // A long text says how much room is left.
  for (let n = 5; n > 0; n -= 1) {
    await page.goto(`${task.saves.assessment}?page=${n}`);
    const area = page.locator("textarea").first();
    if (await area.count() === 0) continue;
    await area.fill("x".repeat(5000));
    await browser.look(page, "assessment-long-text");
    break;
  }
  await page.context().close();
}

// Other languages, names that attack, and what somebody sees who cannot answer any more.
export async function notices(browser, task) {
  const page = await browser.tab(PHONE);
  for (const [who, lang] of [["german", "de"], ["french", "fr"], ["canary", "en"]]) {
    await page.goto(task[who].assessment);
    browser.check(await page.locator("html").getAttribute("lang") === lang, `${who}: not in ${lang}`);
    await browser.look(page, `assessment-${who}`, { thumbs: true });
    await page.goto(task[who].opt_out);
    await browser.look(page, `opt-out-${who}`, { thumbs: true });
  }
  await page.goto(task.left.assessment);
  await browser.look(page, "assessment-opted-out");
  await page.goto(task.answered.assessment);
  await titled(page, /already answered/);
  const heavy = await weight(browser, task.leaves.opt_out);
  browser.check(heavy <= HEAVIEST, `the opt-out page weighs ${heavy} bytes`);
  await page.context().close();
}

// Opting out needs a choice; keeping on is one too.
export async function leaves(browser, task) {
  const page = await browser.tab(PHONE);
  const confirm = page.getByRole("button", { name: "Confirm" });
  await page.goto(task.leaves.opt_out);
  await confirm.tap();
  await page.locator("#choice-error").waitFor();
  await browser.look(page, "opt-out-no-choice", { thumbs: true });
  await page.getByText("Keep me on the list").tap();
  await confirm.tap();
  await page.getByText("Keep me on the list").waitFor({ state: "detached" });
  await browser.look(page, "opt-out-kept");
  await page.goto(task.leaves.opt_out);
  await page.getByText("Do not write to me about this again").tap();
  await confirm.tap();
  await titled(page, /^Done/);
  await browser.look(page, "opt-out-done");
  await page.context().close();
}
