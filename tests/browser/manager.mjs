// An account manager on the phone: somebody of his accounts cannot be reached.
import { PHONE } from "./browser.mjs";

const card = (page) => page.locator("section.account").filter({ has: page.getByRole("heading", { name: /^Declan Burke/ }) });
const unfold = (page, label) => card(page).locator("summary").filter({ hasText: label }).tap();

export async function repairs(browser, task) {
  const page = await browser.tab(PHONE);
  await page.goto(task.manager.repair);
  await browser.look(page, "repair", { thumbs: true });
  browser.check(/no such user/.test(await card(page).textContent()), "repair: the server's words are not shown");

  // Nothing chosen and nothing written: the errors stand beside the fields, and the name stays.
  await unfold(page, /^Nobody is to be asked/);
  await card(page).getByRole("button", { name: /^Take Declan Burke/ }).tap();
  await page.locator("#mistakes a").first().waitFor();
  browser.check(await page.locator("#mistakes a").count() === 2, "repair: no summary of what is missing");
  await browser.look(page, "repair-no-reason");

  // A successor without a name, then an address that several people read: asked back, and what was typed stays.
  await page.goto(task.manager.repair);
  await unfold(page, /^Correct the address/);
  await card(page).getByLabel("The right address").fill("info@liffeybio.example");
  await card(page).getByRole("button", { name: "Save the address" }).tap();
  await card(page).getByText(/several people read/).waitFor();
  browser.check(await card(page).getByLabel("The right address").inputValue() === "info@liffeybio.example", "repair: the address was lost");
  await browser.look(page, "repair-question", { thumbs: true });
  await card(page).getByLabel("The right address").fill("declan.bourke@liffeybio.example");
  await card(page).getByRole("button", { name: "Save the address" }).tap();
  await page.getByRole("status").filter({ hasText: /^✓ Declan Burke at Liffey/ }).waitFor();
  await browser.look(page, "repair-done");
  browser.check(await card(page).count() === 0, "repair: what is done still asks");
}
