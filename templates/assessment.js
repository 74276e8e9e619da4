// Saves each answer as it is given, and says so only when the server has it. Without this script Continue saves the page.
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const words = form.dataset;
  const state = form.querySelector("[data-state]");
  const waiting = new Map();
  let busy = false;

  // One request at a time, always with the latest value, so that an older answer never overwrites a newer one.
  async function save() {
    if (busy || waiting.size === 0) return;
    busy = true;
    const batch = new Map(waiting);
    waiting.clear();
    const body = new URLSearchParams();
    for (const hidden of form.querySelectorAll("input[type=hidden]")) body.append(hidden.name, hidden.value);
    for (const [name, value] of batch) body.append(name, value);
    const slow = setTimeout(() => { state.textContent = words.saving; }, 1000);
    let saved = false, refused = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Autosave": "1" }, redirect: "error", keepalive: true });
      saved = answer.ok;
      // What is too long is said beside its field; the server has kept what it can.
      refused = answer.status === 422;
    } catch {
      saved = false;
    }
    clearTimeout(slow);
    busy = false;
    if (!saved && !refused) for (const [name, value] of batch) if (!waiting.has(name)) waiting.set(name, value);
    state.textContent = saved ? words.saved : refused ? "" : words.notSaved;
    if (saved || refused) save();
  }

  let later;
  function keep(field, soon) {
    if (!field.name || !field.name.startsWith("answer.")) return;
    waiting.set(field.name, field.value);
    clearTimeout(later);
    later = setTimeout(save, soon ? 0 : 1500);
  }
  form.addEventListener("change", (event) => keep(event.target, true));
  form.addEventListener("input", (event) => {
    if (event.target.tagName === "TEXTAREA") { count(event.target); keep(event.target, false); }
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  // As rules::response::characters: line ends are one sign each, blank ends are none, a letter and its accent are one.
  const characters = (text) =>
    [...text.replace(/\r\n?/g, "\n").replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "").normalize("NFC")].length;

  // Remaining characters: shown at once, and only where they begin to matter.
  function count(area) {
    const hint = document.getElementById(area.id + "-hint");
    const left = Number(area.dataset.longest) - characters(area.value);
    if (!hint || Number.isNaN(left)) return;
    hint.textContent = (left < 0 ? words.tooLong : words.left).replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
    hint.classList.toggle("error", left < 0);
  }
  for (const area of form.querySelectorAll("textarea[data-longest]")) if (area.value) count(area);

  const mistakes = document.getElementById("mistakes");
  if (mistakes) mistakes.focus();
})();
