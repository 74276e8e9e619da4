// One Chromium; every tab it opens is watched for what no page may do: errors, other hosts, dialogs, scripts out of the list.
import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inspect } from "./inspect.mjs";

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };
// A page that refuses what was typed says so with its status; Chromium writes that to the console, as it does in a tunnel.
const refusals = /^Failed to load resource: (the server responded with a status of 4(04|09|10|22)|net::ERR_INTERNET_DISCONNECTED)/;

export class Browser {
  wrong = [];
  looked = 0;

  static async start(base) {
    const browser = new Browser();
    browser.base = base;
    browser.pictures = fileURLToPath(new URL("../../target/browser/", import.meta.url));
    mkdirSync(browser.pictures, { recursive: true });
    browser.chromium = await chromium.launch({ executablePath: "/usr/bin/chromium", args: quiet });
    return browser;
  }

  close() { return this.chromium.close(); }

  async part(name, work) {
    try { await work(); } catch (why) { this.wrong.push(`${name}: ${why.stack ?? why}`); }
  }

  check(fine, what) { if (!fine) this.wrong.push(what); }

  // A fresh visitor: no cookies, nothing cached.
  async visitor(size, options = {}) {
    const phone = size === PHONE ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {};
    const context = await this.chromium.newContext({ viewport: size, colorScheme: "light", ...phone, ...options });
    context.setDefaultTimeout(8000);
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

  look(page, name, options) { this.looked += 1; return inspect(this, page, name, options); }
}
