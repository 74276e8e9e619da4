// What axe judges a page by, without the words and names on it: two pages with one structure differ in data only.
// Runs in the page. Of elements beside each other that are alike, two stand for all: one row more is no other structure, a second one is.
export function structure() {
  // Values that only name somebody or something; of all others it matters what they are.
  const DATA = new Set(["href", "action", "value", "content", "src", "title", "alt", "placeholder", "datetime", "aria-label", "nonce", "max", "min"]);
  // These matter by what they lead to, and whether that is there once.
  const IDS = new Set(["for", "list", "form", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage"]);
  const times = new Map();
  for (const e of document.querySelectorAll("[id]")) times.set(e.id, (times.get(e.id) ?? 0) + 1);
  const there = (ids) => ids.split(/\s+/).map((id) => (times.has(id) ? document.getElementById(id).localName : "?")).join();
  const attribute = ({ name, value, ownerElement }) => {
    // How long a bar is.
    if (ownerElement instanceof SVGElement && !/^(class|id|role|aria-.*|fill|stroke|opacity|tabindex|style)$/.test(name)) return name;
    if (name === "class") return `class=${[...value.split(/\s+/)].sort().join(".")}`;
    if (name === "id") return `id${times.get(value) > 1 ? "s" : ""}`;
    if (name === "href" && value.startsWith("#")) return `href#${there(value.slice(1))}`;
    if (IDS.has(name)) return `${name}=${there(value)}`;
    if (name === "name" || name.startsWith("data-") || DATA.has(name)) return `${name}${value.trim() ? "" : "-"}`;
    return `${name}=${value}`;
  };
  const of = (e) => {
    const said = [e.localName, ...[...e.attributes].map(attribute).sort()];
    if (e.localName === "style") said.push(e.textContent);
    if ([...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) said.push("text");
    // What scrolls must be reached by the keyboard, and what is pressed must be large enough: both depend on what there is to show.
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) said.push("wider");
    if (e.scrollHeight > e.clientHeight + 1 && e.clientHeight > 0 && e !== document.documentElement) said.push("higher");
    if (e.matches("a, button, input, select, textarea, summary")) {
      const { width, height } = e.getBoundingClientRect();
      if (width < 24 || height < 24) said.push("small");
    }
    const kinds = new Map();
    const children = [];
    for (const child of e.children) {
      const kind = of(child);
      const n = (kinds.get(kind) ?? 0) + 1;
      kinds.set(kind, n);
      if (n <= 2) children.push(kind);
    }
    return `${said.join(" ")}(${children.join(",")})`;
  };
  return of(document.documentElement);
}
