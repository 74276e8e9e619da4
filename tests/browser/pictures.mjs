// The pictures of the README, of what `cargo run -- preview target/preview` wrote: node tests/browser/pictures.mjs
// Writes down beside them of which pages they are; tests/preview says when these have changed.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Browser } from "./browser.mjs";
import { served } from "./preview.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pictures = [
  ["control-room", "console-round-middle.html", { width: 1100, height: 820 }, 1],
  ["director", "sign-off-1.html", { width: 360, height: 720 }, 1.5],
  ["letter", "mail-en-invitation.html", { width: 620, height: 720 }, 1],
];

mkdirSync(`${root}docs/pictures`, { recursive: true });
const browser = await Browser.start("http://preview.localhost");
for (const [name, file, size, deviceScaleFactor] of pictures) {
  const page = await browser.tab(size, { deviceScaleFactor });
  await served(page, `${root}target/preview`);
  await page.goto(`${browser.base}/${file}`);
  await page.screenshot({ path: `${root}docs/pictures/${name}.png` });
}
await browser.close();
const sha256 = (path) => createHash("sha256").update(readFileSync(`${root}${path}`)).digest("hex");
const made = pictures.map(([, file]) => `${file} ${sha256(`tests/preview/snapshots/${file}.snap`)}\n`);
writeFileSync(`${root}docs/pictures/made-of.txt`, `${made.join("")}style.css ${sha256("templates/style.css")}\n`);
