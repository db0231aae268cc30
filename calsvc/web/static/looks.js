// The looks of the site, as elements on other sites have them.

// Until the stylesheets of the site are there.  An agenda is as wide as its place is, whatever
// is in it; lengths here are no rem, which the host page may have changed.
export const FIRST = new CSSStyleSheet();
FIRST.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  :host(calsvc-agenda) { flex-grow: 1; min-width: min(100%, 288px); }
  :host(calsvc-agenda) { width: -moz-available; width: -webkit-fill-available; width: stretch; }
  :host([aria-busy]) { min-height: 128px; }
  :host(calsvc-agenda[aria-busy]) { min-height: 384px; }
`);
const sheets = new Map();

// A rem of the site's stylesheets is the reader's own size of text; what the host page made of
// its own does not matter.
const REM = { name: "--calsvc-rem", syntax: "<length>", inherits: true, initialValue: "16px" };
try {
  CSS.registerProperty(REM);
} catch {
  // A copy of this script from elsewhere did.
}

// Return the stylesheets of a page of the site for the shadow root of an element.
export function looksOf(page, address, element) {
  const schemes = getComputedStyle(element).colorScheme.match(/\b(light|dark)\b/g) ?? ["light"];
  const links = [...page.querySelectorAll("link[rel=stylesheet]")];
  const addresses = links.map((link) => new URL(link.getAttribute("href"), address).href);
  return Promise.all(addresses.map((each) => sheet(each, schemes)));
}

// Return a stylesheet of the site as shadow roots need it, the same for all elements.
function sheet(address, schemes) {
  const name = `${schemes} ${address}`;
  if (!sheets.has(name)) {
    const made = answered(address, "text/css");
    sheets.set(name, made.then((css) => new CSSStyleSheet().replace(rewritten(css, schemes))));
    made.catch(() => sheets.delete(name)); // the next element asks again
  }
  return sheets.get(name);
}

// What is of the whole page there is of the element here, and its width that of the element; it
// is dark where the host page is, too; and each --colour can be set from outside as
// --calsvc-colour.
function rewritten(css, schemes) {
  const only = schemes.length === 1 && schemes[0];
  return css
    .replaceAll(":root", ".embedded")
    .replace(/@media (\(m(?:in|ax)-width: [\d.]+)rem\)(, print)?/g, "@container $1em)")
    .replace(/(-?(?:\d+|\d*\.\d+))rem\b/g, "calc($1 * var(--calsvc-rem))")
    .replace(/\(prefers-color-scheme: (\w+)\)/g, (query, scheme) =>
      only ? (scheme === only ? "all" : "not all") : query,
    )
    .replace(/(--(accent|text|page|card|line|soft)): ([^;}]+)/g, "$1: var(--calsvc-$2, $3)");
}

// Return an answer of the site.  Raises an error for one that is not of that type.
export async function answered(address, type, signal) {
  const answer = await fetch(address, { credentials: "omit", signal });
  const found = answer.headers.get("Content-Type")?.split(";")[0];
  if (!answer.ok) throw new Error(`the answer is ${answer.status}`);
  if (found !== type) throw new Error(`the answer is ${found}, and not ${type}`);
  return answer.text();
}
