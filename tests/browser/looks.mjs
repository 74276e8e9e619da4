// Pictures to look at, of pages that `cargo run -- preview target/preview` wrote, as wide as a phone, a tablet and a desk:
// node tests/browser/looks.mjs console-round-in-scripts console-accounts-in-scripts console-calls-in-scripts
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Browser } from "./browser.mjs";
import { served } from "./preview.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const looks = `${root}target/looks`;

mkdirSync(looks, { recursive: true });
const browser = await Browser.start("http://preview.localhost");
for (const width of [360, 768, 1440]) {
  const page = await browser.tab({ width, height: 900 });
  await served(page, `${root}target/preview`);
  for (const name of process.argv.slice(2)) {
    await page.goto(`${browser.base}/${name}.html`);
    await page.screenshot({ path: `${looks}/${name}-${width}.png`, fullPage: true });
  }
}
await browser.close();
