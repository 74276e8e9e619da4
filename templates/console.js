// Keys and live figures. Everything on the console works without this script.
"use strict";
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
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help?.open) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const search = document.getElementById("q") ?? document.querySelector("[data-search]");
    const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox][name=who]");
    const act = {
      "/": search && (() => { search.focus(); search.select(); }),
      j: () => move(1),
      k: () => move(-1),
      x: box && (() => box.click()),
      "?": help && (() => help.showModal()),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // On a phone a row is a card: each cell says which column it is in. The roles stay those of a table.
  function name(table) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    if (heads.length === 0) return;
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
  const cards = (page) => page.querySelectorAll(".wide table:not(.heat)").forEach(name);
  cards(document);

  // Live figures change in place; what is being read or used stays as it is.
  const live = document.querySelector("[data-refresh]");
  async function refresh() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Refresh": "1" } });
      // The session has ended: say so, and ask no more.
      if (answer.redirected) return leave();
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      cards(fresh);
      for (const part of document.querySelectorAll("[data-live]")) {
        const twin = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        if (twin && !part.contains(document.activeElement) && part.innerHTML !== twin.innerHTML) part.replaceChildren(...twin.childNodes);
      }
    } catch { /* the next one may come through; "as of" tells how old the figures are */ }
  }
  const timer = live && setInterval(refresh, Number(live.dataset.refresh) * 1000);
  function leave() {
    clearInterval(timer);
    const said = document.createElement("p");
    said.className = "banner attention";
    said.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = "/log-in";
    link.textContent = "Log in again";
    said.append("You are logged out, so these figures stand still. ", link, ".");
    document.getElementById("main").prepend(said);
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
