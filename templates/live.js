// Live pages. Figures and rows change in place; what is being read, typed or pressed stays as it is, and comes later. The server says when
// something of the round has changed; where it does not, the page asks by itself every now and then. console.js comes before.
"use strict";
(() => {
  const live = document.querySelector("[data-refresh]");
  if (!live) return;
  const every = Number(live.dataset.refresh) * 1000;
  const APART = 2000;
  // Between two that fail, at most.
  const SLOWEST = 60000;
  // For an answer.
  const PATIENCE = 30000;
  // Times go on where nothing else does.
  const LONGEST = 10 * every;
  const ROWS = "[data-list] [data-live]";
  const asOf = document.querySelector("[data-live=as-of]");
  const news = document.querySelector("[data-news]");
  let known = Number(document.body.dataset.change), last = Date.now() - APART;
  let asking = false, behind = false, pressing = false, wanted = false, failed = 0, waiting, source, timer;

  const byKey = (page, part) => page.querySelector(`[data-live="${part.dataset.live}"]`);

  // Somebody writes in it.
  function filled(part) {
    const typed = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    return part.querySelector("details.act[open]") || [...part.querySelectorAll("input, textarea")].some(typed);
  }

  function used(part) {
    const selected = getSelection();
    return part.contains(document.activeElement) || filled(part)
      || (selected && !selected.isCollapsed && selected.containsNode(part, true));
  }

  // A row that is on the list no more stays where it is, so that nothing moves under the pointer. It says so, and nothing of it can be
  // pressed; who writes in it may end, and is told what has become of it.
  function leaves(row) {
    if (!row.classList.contains("gone")) {
      const word = document.createElement("span");
      word.className = "gone-word";
      word.textContent = "no longer here";
      (row.querySelector("th, p") ?? row).append(" ", word);
      row.classList.add("gone");
    }
    const open = [...row.querySelectorAll("form, .act, .tick")].filter((act) => !act.inert);
    if (open.length > 0 && used(row)) behind = true;
    else for (const act of open) act.inert = true;
  }

  // New rows come when they are asked for.
  function tell(rows) {
    const said = `${rows.length} new: show`;
    const button = news?.querySelector("button");
    if (!news || rows.length === 0) return news?.replaceChildren();
    if (button) {
      // Said aloud once, until they are shown.
      news.setAttribute("aria-live", "off");
      button.textContent = said;
      return;
    }
    const show = document.createElement("button");
    show.type = "button";
    show.className = "link";
    show.textContent = said;
    show.addEventListener("click", () => { wanted = true; refresh(); });
    news.removeAttribute("aria-live");
    news.replaceChildren(show);
  }

  // The list as it is now, but for rows in which somebody writes.
  function show(fresh, rows) {
    for (const list of document.querySelectorAll("[data-list]")) {
      const twin = fresh.querySelector(`[data-list="${list.dataset.list}"]`);
      if (!twin) continue;
      for (const row of [...list.querySelectorAll("[data-live]")].filter(filled)) {
        const own = byKey(twin, row);
        if (own) own.replaceWith(row);
        else twin.querySelector("[data-live]")?.before(row);
      }
      list.replaceChildren(...twin.childNodes);
    }
    news.replaceChildren();
    rows[0]?.querySelector("[data-row], a")?.focus();
  }

  function swap(fresh) {
    // What is pressed is still there when it is let go.
    if (pressing) { behind = true; return; }
    makeCards(fresh);
    // What stands under the eye stays there. Browsers that see to it by themselves are left to it.
    const eye = CSS.supports("overflow-anchor", "auto") ? null : document.elementFromPoint(innerWidth / 2, innerHeight / 3);
    const held = eye && (eye.closest("[data-live]") ?? eye);
    const before = held?.getBoundingClientRect().top;
    behind = false;
    const here = [...document.querySelectorAll(ROWS)];
    const keys = new Set(here.map((row) => row.dataset.live));
    const entered = [...fresh.querySelectorAll(ROWS)].filter((row) => !keys.has(row.dataset.live));
    for (const part of document.querySelectorAll("[data-live]")) {
      const isRow = here.includes(part);
      if (isRow && wanted) continue;
      const twin = byKey(fresh, part);
      if (!twin && isRow) leaves(part);
      if (!twin || part.innerHTML === twin.innerHTML) continue;
      // What is there before and after changes part by part.
      if (part.querySelector("[data-live]") && twin.querySelector("[data-live]")) continue;
      if (used(part)) { behind = true; continue; }
      const far = [...part.querySelectorAll(".wide")].map((table) => table.scrollLeft);
      part.replaceChildren(...twin.childNodes);
      part.classList.remove("gone");
      part.querySelectorAll(".wide").forEach((table, n) => { table.scrollLeft = far[n] ?? 0; });
    }
    if (wanted) show(fresh, entered);
    else tell(entered);
    wanted = false;
    if (held?.isConnected) scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
    known = Number(fresh.body.dataset.change);
  }

  async function refresh() {
    if (document.hidden) return;
    if (asking) return soon();
    asking = true;
    last = Date.now();
    let answer, fresh;
    try {
      answer = await fetch(location.href, { ...refetched, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok && !answer.redirected) fresh = await pageOf(answer);
    } catch { /* said below */ }
    asking = false;
    // The session has ended: say so, and ask no more.
    if (answer?.redirected) return leave();
    if (!fresh) return again(answer);
    if (failed > 0) upToDate();
    swap(fresh);
  }
  function soon(pause = last + APART - Date.now()) {
    waiting ??= setTimeout(() => { waiting = undefined; refresh(); }, Math.max(0, pause));
  }
  // What was to be shown is still to come: asked for again, ever more seldom, and not by all pages at once.
  function again(answer) {
    failed += 1;
    const told = Number(answer?.headers.get("Retry-After")) * 1000 || 0;
    soon(Math.max(told, Math.min(SLOWEST, APART * 2 ** (failed - 1)) * (1 + Math.random() / 2)));
    const time = asOf?.querySelector("time");
    if (failed < 2 || !time || asOf.hasAttribute("role")) return;
    asOf.setAttribute("role", "status");
    asOf.classList.add("finding");
    asOf.replaceChildren("Not up to date since ", time, "; asking again.");
  }
  function upToDate() {
    failed = 0;
    asOf?.removeAttribute("role");
    asOf?.classList.remove("finding");
  }

  function listen() {
    const address = document.body.dataset.events;
    if (source || !address || document.hidden || !("EventSource" in window)) return;
    source = new EventSource(address);
    // Whatever is not known to be on the page already. It is said first whenever the line is opened, so whoever slept catches up.
    source.addEventListener("changed", (event) => { if (!(Number(event.data) <= known)) soon(); });
    source.addEventListener("quiet", () => { hush(); listen(); });
    source.addEventListener("over", () => { hush(); refresh(); });
    // A line that breaks is opened again by the browser; one that was refused is not.
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) hush(); });
  }
  function hush() {
    source?.close();
    source = undefined;
  }
  function look() {
    listen();
    if (source?.readyState !== EventSource.OPEN || Date.now() - last > LONGEST) refresh();
  }

  timer = setInterval(look, every);
  listen();
  // Nobody looks at a page that is hidden: it takes no line, and asks when it is seen again.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return hush();
    if (timer) look();
    if (timer && failed > 0) soon();
  });
  addEventListener("pagehide", hush);
  addEventListener("pageshow", (event) => { if (event.persisted && timer) look(); });
  addEventListener("online", () => { if (timer) refresh(); });
  const free = () => { if (behind && getSelection()?.isCollapsed !== false) soon(); };
  for (const done of ["focusout", "selectionchange"]) document.addEventListener(done, free);
  addEventListener("pointerdown", (event) => { pressing = event.button === 0; }, true);
  for (const done of ["pointerup", "pointercancel", "blur"]) addEventListener(done, () => { pressing = false; free(); });

  function leave() {
    hush();
    clearInterval(timer);
    clearTimeout(waiting);
    timer = undefined;
    if (document.getElementById("left")) return;
    const told = document.createElement("p");
    told.id = "left";
    told.className = "banner attention";
    told.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = "/log-in";
    link.textContent = "Log in again";
    told.append("You are logged out, so these figures stand still. ", link, ".");
    document.getElementById("main").prepend(told);
  }
})();
