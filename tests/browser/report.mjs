// The report of a round on paper, as Chromium makes its PDF: A4, several pages, none of them blank, and the running head on each.
import { writeFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { DESK } from "./browser.mjs";
import { served } from "./preview.mjs";

// Each page of a PDF: its size in points, and how many pieces of text are drawn on it.
function pages(pdf) {
  const text = pdf.toString("latin1");
  const object = (number) => {
    const begin = text.search(new RegExp(`(^|\\n)${number} 0 obj`));
    return { begin, words: text.slice(begin, text.indexOf("endobj", begin)) };
  };
  const drawn = (number) => {
    const { begin, words } = object(number);
    const from = begin + words.indexOf("stream\n") + "stream\n".length;
    const bytes = pdf.subarray(from, from + Number(/\/Length (\d+)/.exec(words)[1]));
    return /\/FlateDecode/.test(words) ? inflateSync(bytes).toString("latin1") : bytes.toString("latin1");
  };
  const all = text.split("endobj").filter((words) => /\/Type ?\/Page\b(?!s)/.test(words));
  return all.map((words) => {
    const contents = drawn(/\/Contents (\d+) 0 R/.exec(words)[1]);
    return { size: /\/MediaBox ?\[([^\]]*)\]/.exec(words)[1].trim().split(/\s+/).map(Number), texts: contents.match(/\bT[jJ]\b/g)?.length ?? 0 };
  });
}

export async function prints(browser, task) {
  const page = await browser.tab(DESK);
  await served(page, task.folder);
  await page.goto(`${task.base}/${task.page}`);
  const printed = async () => page.pdf({ preferCSSPageSize: true, printBackground: true });
  const pdf = await printed();
  if (browser.pictures) writeFileSync(`${browser.pictures}${task.page}.pdf`, pdf);
  const whole = pages(pdf);
  browser.looked += 1;
  browser.check(whole.length > 1, `${task.page}: ${whole.length} pages`);
  const isA4 = ({ size: [, , width, height] }) => Math.abs(width - 595) < 1.5 && Math.abs(height - 842) < 1.5;
  browser.check(whole.every(isA4), `${task.page} is no A4: ${JSON.stringify(whole)}`);
  // Nothing of the console's frame, of its buttons and of what is said to whoever looks at the screen.
  await page.emulateMedia({ media: "print" });
  for (const frame of [".console > header", "form", ".on-screen", ".chart.on-phones"]) {
    const seen = await page.locator(frame).evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
    browser.check(seen === 0, `${task.page}: ${frame} is on paper`);
  }
  await page.emulateMedia({ media: null });
  // The twins: without its head each page has less, and without both it is not blank.
  await page.addStyleTag({ content: "@page { @top-left { content: none } }" });
  const headless = pages(await printed());
  browser.check(headless.length === whole.length, `${task.page}: its head takes a page`);
  browser.check(whole.every(({ texts }, n) => texts > headless[n]?.texts), `${task.page}: a page has no head: ${JSON.stringify([whole, headless])}`);
  await page.addStyleTag({ content: "@page { @bottom-right { content: none } }" });
  const bare = pages(await printed());
  browser.check(bare.every(({ texts }) => texts > 3), `${task.page}: a page is blank: ${JSON.stringify(bare)}`);
  await page.context().close();
}
