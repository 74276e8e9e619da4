// Keys, the palette, files on their way, letters that follow what is typed. Everything on the console works without this script and without live.js, which comes after it.
"use strict";

// What a page asks for by itself.
const refetched = { headers: { "X-Refresh": "1" } };
const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

// On a phone a row is a card: each cell says which column it is in. The roles stay those of a table.
function makeCards(page) {
  for (const table of page.querySelectorAll(".wide table:not(.heat)")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    if (heads.length === 0) continue;
    table.classList.add("cards");
    table.setAttribute("role", "table");
    for (const part of table.tBodies) part.setAttribute("role", "rowgroup");
    for (const row of table.querySelectorAll("tbody tr")) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, at) => {
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        if (cell.tagName === "TD" && heads[at]) cell.dataset.label = heads[at];
      });
    }
  }
}

(() => {
  const stored = "soundings.keys";
  const help = document.getElementById("keys");
  const button = document.querySelector("[data-help]");
  const tick = document.querySelector("[data-keys]");
  let on = true;
  try { on = localStorage.getItem(stored) !== "off"; } catch { /* a browser that keeps nothing keeps the keys on */ }

  if (button && help) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
  if (tick) {
    tick.checked = on;
    tick.addEventListener("change", () => {
      on = tick.checked;
      try { localStorage.setItem(stored, on ? "on" : "off"); } catch { /* for this page only, then */ }
    });
  }

  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length > 0);
  function move(step) {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    all[next].focus();
  }

  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !event.isComposing;
    if (command && event.key.toLowerCase() === "k" && palette && !help.open) {
      event.preventDefault();
      return palette.open ? palette.close() : openPalette();
    }
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const search = document.getElementById("q") ?? document.querySelector("[data-search]");
    const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox][name=who]:not([inert] *)");
    const news = document.querySelector("[data-news] button");
    const act = {
      "/": search && (() => { search.focus(); search.select(); }),
      j: () => move(1),
      k: () => move(-1),
      x: box && (() => box.click()),
      n: news && (() => news.click()),
      "?": help && (() => help.showModal()),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  makeCards(document);

  // The palette: every place of the round, every link to an act on this page, every round, people and a search. It is made of links that stand
  // in pages, so it leads nowhere that they do not lead.
  const palette = document.getElementById("palette");
  const wish = document.getElementById("wish");
  const places = document.getElementById("places");
  const MOST = 12;
  let others, shown = [], at = 0, moved = false, typing, people = { q: "" };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const said = (part) => part.textContent.replace(/\s+/g, " ").trim();
  const links = (page, selector, kind) => [...page.querySelectorAll(selector)].filter((link) => link.hasAttribute("href"))
    .map((link) => ({ text: said(link.closest("th") ?? link), kind, href: new URL(link.getAttribute("href"), location.href).href }));

  function offered() {
    const round = document.querySelector(".bar .round a");
    const q = wish.value.trim();
    const found = people.q === q ? people : {};
    const all = [
      ...links(document, "header nav li a", "in this round"),
      ...links(document, "main .acts a, main a.quiet, main a.main", "on this page"),
      ...links(document.getElementById("everywhere").content, "a", "everywhere"),
      ...(found.people ?? []),
      ...(found.accounts ?? []),
      ...links(document, "main [data-row]", "on this page"),
      ...(others ?? []).filter((other) => other.href !== round?.href),
    ];
    const typed = words(q);
    const fits = ({ text }) => typed.every((word) => words(text).some((own) => own.startsWith(word)));
    // What leads to the same is one place. Who was found by the server is: it knows more spellings of a name.
    const met = new Map();
    for (const place of all) {
      const key = new URL(place.href, location.href).href;
      if (place.text && !met.has(key) && (found.people?.includes(place) || fits(place))) met.set(key, place);
    }
    const find = document.querySelector("form.find");
    const search = [];
    if (find && q) search.push({ text: `Find “${q}”`, kind: "contacts, accounts", href: `${find.action}?q=${encodeURIComponent(q)}` });
    return [...[...met.values()].slice(0, MOST - search.length), ...search];
  }

  function choose(next) {
    at = Math.max(0, Math.min(shown.length - 1, next));
    [...places.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    const chosen = places.children[at];
    if (!chosen) return wish.removeAttribute("aria-activedescendant");
    wish.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function offer() {
    const was = shown[at]?.href;
    shown = offered();
    places.replaceChildren(...shown.map(({ text, kind }, n) => {
      const option = document.createElement("li");
      const beside = document.createElement("span");
      option.id = `place-${n}`;
      option.setAttribute("role", "option");
      beside.className = "muted";
      beside.textContent = kind;
      option.append(text, " ", beside);
      return option;
    }));
    places.hidden = shown.length === 0;
    wish.setAttribute("aria-expanded", String(shown.length > 0));
    const counted = shown.length === 1 ? "1 place" : `${shown.length} places`;
    document.getElementById("offered").textContent = shown.length === 0 ? "Nothing is called that." : counted;
    choose(moved ? shown.findIndex((place) => place.href === was) : 0);
  }

  // Whoever stops typing for a moment is shown people as well.
  function ask() {
    clearTimeout(typing);
    const [address, q] = [document.body.dataset.find, wish.value.trim()];
    if (address && q.length > 1) typing = setTimeout(async () => {
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(q)}`, refetched);
        const found = answer.ok && !answer.redirected && await answer.json();
        // Who has typed on is asked about anew.
        if (!found || !palette.open || q !== wish.value.trim()) return;
        people = { q, ...found };
        offer();
      } catch { /* the search itself is still offered */ }
    }, 200);
  }

  function openPalette() {
    wish.value = "";
    moved = false;
    palette.showModal();
    offer();
    // The other rounds stand on the page of all rounds; asked for once.
    if (others) return;
    others = [];
    const home = document.querySelector(".brand").href;
    if (home !== location.href.split(/[?#]/)[0]) fetch(home, refetched).then(async (answer) => {
      if (answer.ok && !answer.redirected) others = links(await pageOf(answer), "main th [data-row]", "round");
      if (palette.open && others.length > 0) offer();
    }).catch(() => { /* without them, then */ });
  }

  function go() {
    const chosen = shown[at];
    if (!chosen) return;
    palette.close();
    location.assign(chosen.href);
  }

  if (palette) {
    wish.addEventListener("input", () => { moved = false; offer(); ask(); });
    wish.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const end = shown.length - 1;
      const act = { ArrowDown: () => choose(at < end ? at + 1 : 0), ArrowUp: () => choose(at > 0 ? at - 1 : end), Enter: go }[event.key];
      if (!act) return;
      moved = true;
      event.preventDefault();
      act();
    });
    places.addEventListener("click", (event) => {
      const n = [...places.children].indexOf(event.target.closest("[role=option]"));
      if (n < 0) return;
      at = n;
      go();
    });
    const opener = document.querySelector("[data-palette]");
    opener.hidden = false;
    opener.addEventListener("click", openPalette);
  }

  // A file on its way shows how much of it has gone; the form works as well without.
  const upload = document.querySelector("form[data-upload]");
  const way = upload?.querySelector("[data-progress]");
  const send = upload?.querySelector("button:not([type])");
  const cancel = upload?.querySelector("[data-cancel]");
  // Back brings a page as it was left: without what was on its way then.
  if (upload) addEventListener("pageshow", (event) => { if (event.persisted) { send.disabled = false; way.hidden = true; } });
  upload?.addEventListener("submit", (event) => {
    const file = upload.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    const [said, bar] = [way.querySelector("[data-said]"), way.querySelector("progress")];
    way.hidden = false;
    const stop = (text) => { said.textContent = text; said.setAttribute("role", "alert"); bar.hidden = true; cancel.hidden = true; send.disabled = false; };
    if (file.size > Number(upload.dataset.upload)) return stop(`${file.name} is too large: ${upload.querySelector(".hint").textContent}`);
    said.removeAttribute("role");
    bar.hidden = false;
    cancel.hidden = false;
    send.disabled = true;
    said.textContent = `Uploading ${file.name}`;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = 100 * sent.loaded / sent.total;
      said.textContent = bar.value < 100 ? `Uploading ${file.name}: ${Math.floor(bar.value)} %` : `Reading ${file.name}`;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) return location.assign(request.responseURL);
      const told = new DOMParser().parseFromString(request.responseText, "text/html").querySelectorAll("main > .lead, main > .lead + p:not(.muted)");
      stop([...told].map((part) => part.textContent.trim()).join(" ") || "The file was not taken. Reload the page and try again.");
    });
    request.addEventListener("abort", () => stop("You stopped the upload; nothing was changed."));
    cancel.onclick = () => request.abort();
    request.addEventListener("error", () => stop("The line broke off. Try again; nothing was changed."));
    request.open("POST", upload.action);
    request.send(new FormData(upload));
  });

  // Letters follow what is typed. Each goes into a frame of its own, which takes the place of the one before once it is there: so nothing
  // flickers, and the way back leads off the page and not through what was typed.
  const draft = document.querySelector("form[data-preview]");
  const shows = draft?.querySelector("button[value=show]");
  let letters = document.querySelector("iframe[name=letters]"), coming, written;
  function showLetters() {
    coming?.remove();
    const fresh = coming = letters.cloneNode();
    fresh.removeAttribute("src");
    fresh.hidden = true;
    letters.name = "";
    fresh.name = "letters";
    fresh.addEventListener("load", () => {
      // Every frame begins with an empty document.
      if (fresh !== coming || fresh.contentWindow.location.href === "about:blank") return;
      const read = letters.contentWindow.scrollY;
      fresh.hidden = false;
      fresh.contentWindow.scrollTo(0, read);
      letters.remove();
      [letters, coming] = [fresh, undefined];
    });
    letters.after(fresh);
    draft.requestSubmit(shows);
  }
  if (shows) {
    draft.addEventListener("input", () => { clearTimeout(written); written = setTimeout(showLetters, 400); });
    // What a press brings into the frame is not taken away by a look that was still to come.
    draft.addEventListener("submit", () => clearTimeout(written));
    if (!letters.hasAttribute("src")) showLetters();
  }

  // Who is led to a row that stands folded sees it.
  const led = document.getElementById(location.hash.slice(1));
  let folded = led?.closest("details:not([open])");
  if (folded) {
    for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
    led.scrollIntoView();
  }

  const mistakes = document.getElementById("mistakes") ?? document.querySelector(".banner[role=alert]");
  if (mistakes) mistakes.focus();
})();
