// One Chromium; every tab it opens is watched for what no page may do: errors, other hosts, dialogs, scripts out of the list.
import { chromium } from "playwright-core";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inspect } from "./inspect.mjs";

// No graphics card is imitated: a third of the time went there, and no page needs one.
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-gpu-rasterization", "--disable-software-rasterizer", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const NARROW = { width: 320, height: 640 };
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };
// A page that refuses what was typed says so with its status; Chromium writes that to the console, as it does in a tunnel.
const refusals = /^Failed to load resource: (the server responded with a status of 4(04|09|10|22)|net::ERR_INTERNET_DISCONNECTED)/;

export class Browser {
  wrong = [];
  looked = 0;
  // Of pages whose structure axe has read already, axe reads no second.
  spared = 0;
  #structures = new Set();

  static async start(base) {
    const browser = new Browser();
    browser.base = base;
    if (process.env.SOUNDINGS_PICTURES) {
      browser.pictures = fileURLToPath(new URL("../../target/browser/", import.meta.url));
      mkdirSync(browser.pictures, { recursive: true });
    }
    browser.chromium = await chromium.launch({ executablePath: "/usr/bin/chromium", args: quiet });
    return browser;
  }

  close() { return this.chromium.close(); }

  async part(name, work) {
    try { await work(); } catch (why) { this.wrong.push(`${name}: ${why.stack ?? why}`); }
  }

  check(fine, what) { if (!fine) this.wrong.push(what); }

  // Whether a page of this structure was here before.
  known(structure) {
    const print = createHash("sha256").update(structure).digest("hex");
    const known = this.#structures.has(print);
    this.#structures.add(print);
    this.spared += known ? 1 : 0;
    return known;
  }

  async picture(page, name) {
    if (this.pictures) await page.screenshot({ path: `${this.pictures}${name}.png`, fullPage: true, scale: "css" });
  }

  // A fresh visitor: no cookies, nothing cached.
  async visitor(size, options = {}) {
    const phone = size === PHONE ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {};
    const context = await this.chromium.newContext({ viewport: size, colorScheme: "light", ...phone, ...options });
    context.setDefaultTimeout(8000);
    // What a thumb does: a press, two for a choice out of a list, one for getting into a field.
    await context.addInitScript(() => {
      const more = (n) => { sessionStorage.presses = Number(sessionStorage.presses ?? 0) + n; };
      addEventListener("pointerdown", () => more(1), true);
      addEventListener("change", (event) => { if (event.target.tagName === "SELECT") more(2); }, true);
      // A window that comes to the front again focuses its field anew: nobody has pressed anything.
      let within = null;
      addEventListener("focusin", (event) => {
        if (event.target !== within && event.target.matches("input:not([type=radio], [type=checkbox]), textarea")) more(1);
        within = event.target;
      }, true);
    });
    context.on("request", (request) => {
      const url = request.url();
      this.check(url.startsWith(this.base) || /^(data|about):/.test(url), `a page asked another host: ${url}`);
    });
    context.on("response", (response) => this.check(response.status() < 500, `${response.status()} at ${response.url()}`));
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type()) || refusals.test(message.text())) return;
      this.wrong.push(`console of ${message.page()?.url()}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.wrong.push(`script error at ${error.page()?.url()}: ${error.error()}`));
    context.on("dialog", (dialog) => { this.wrong.push(`a dialog at ${dialog.page()?.url()}: ${dialog.message()}`); dialog.dismiss(); });
    return context;
  }

  async tab(size, options) { return (await this.visitor(size, options)).newPage(); }

  // Presses since the last question, held at what they are: more of them is a step back for somebody.
  async presses(page, most, what) {
    const taken = await page.evaluate(() => { const n = Number(sessionStorage.presses ?? 0); sessionStorage.presses = 0; return n; });
    console.log(`${what}: ${taken} presses`);
    this.check(taken > 0 && taken <= most, `${what}: ${taken} presses, ${most} were enough`);
  }

  look(page, name, options) { this.looked += 1; return inspect(this, page, name, options); }
}
