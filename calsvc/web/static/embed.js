// Events on any page:
//
//   <calsvc-agenda event="…">, <calsvc-subscribe event="…">, <calsvc-session event="…" session="…">
//
// Each shows the <main> of a page of the calendar site in a shadow root, so words, dates and
// looks are the site's.  No cookie goes there.  What the stars choose is a calendar of the
// site; the key that edits it stays in the local storage of the page around.

import { Calendar } from "./static/calendar.js";
import { keepPresent } from "./static/present.js";

const SITE = new URL(".", import.meta.url);
const FILTERS = ["track", "kind", "room", "speaker", "tag", "language", "level", "day", "session", "q"];
const OPTIONS = ["alarm", "busy", "cancelled", "banner", "parts"];
const ATTRIBUTES = ["event", "lang", "tz", ...FILTERS, ...OPTIONS];
const UNSAVED = { 409: "full", 429: "many" }; // what a star says, by the status of the answer
// Where a host page demands trusted types, it names this policy.
const TRUSTED = globalThis.trustedTypes?.createPolicy("calsvc", { createHTML: (html) => html }) ?? {
  createHTML: (html) => html,
};
// While the site is away, so are its words.
const AWAY = {
  en: "This cannot be shown just now. Please look here:",
  de: "Das lässt sich gerade nicht zeigen. Bitte hier nachsehen:",
};

const calendar = new Calendar(SITE);

// --- looks -------------------------------------------------------------------------------

const FIRST = new CSSStyleSheet(); // until the site's own are there
FIRST.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  :host(calsvc-agenda) { container-type: inline-size; min-width: min(100%, 18rem); }
  :host([aria-busy]) { min-height: 8rem; }
  :host(calsvc-agenda[aria-busy]) { min-height: 24rem; }
`);
const texts = new Map();

function text(address) {
  if (!texts.has(address)) {
    const answer = fetch(address, { credentials: "omit" }).then((found) => {
      if (!found.ok) throw new Error(`${address}: ${found.status}`);
      return found.text();
    });
    answer.catch(() => texts.delete(address));
    texts.set(address, answer);
  }
  return texts.get(address);
}

// Return a stylesheet of the site as shadow roots need it.  What is of the whole page there
// is of the element here; it is dark where the host page is, too; and each --colour can be
// set from outside as --calsvc-colour.
function rewritten(css, schemes) {
  const only = schemes.length === 1 && schemes[0];
  return css
    .replaceAll(":root", ":host")
    .replace(/@media (\(min-width: [\d.]+rem\))(, print)?/g, "@container $1")
    .replace(/\(prefers-color-scheme: (\w+)\)/g, (query, scheme) =>
      only ? (scheme === only ? "all" : "not all") : query,
    )
    .replace(/(--(accent|text|page|card|line|soft)): ([^;}]+)/g, "$1: var(--calsvc-$2, $3)");
}

// --- elements ----------------------------------------------------------------------------

class Embedded extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  #shown = null; // the address of what is shown, or on its way
  #loading = null;
  #rest = () => {}; // ends what keeps its marks of the present

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [FIRST];
    root.append(document.createElement("slot")); // what authors wrote inside, until it is there
    root.addEventListener("submit", (event) => this.#choose(event));
    root.addEventListener("click", (event) => this.#copy(event));
  }

  connectedCallback() {
    calendar.addEventListener("change", this.#paint);
    this.#load();
  }

  disconnectedCallback() {
    calendar.removeEventListener("change", this.#paint);
    this.#loading?.abort();
    this.#rest();
    this.#shown = null;
  }

  attributeChangedCallback() {
    this.#load();
  }

  // Return the page of the event, or what of it is shown.
  page(path = "") {
    return new URL(`events/${encodeURIComponent(this.getAttribute("event") || "-")}/${path}`, SITE);
  }

  get #address() {
    const address = this.page(this.path);
    for (const name of this.parameters) {
      const value = this.getAttribute(name) ?? "";
      const values = FILTERS.includes(name) && name !== "q" ? value.split(",") : [value];
      for (const each of values.filter((it) => it.trim())) address.searchParams.append(name, each.trim());
    }
    const language = this.closest("[lang]")?.lang;
    if (language) address.searchParams.set("lang", language);
    return address;
  }

  async #load() {
    await null; // attributes that change together are one change
    const address = this.#address;
    if (!this.isConnected || address.href === this.#shown) return;
    this.#shown = address.href;
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    this.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { credentials: "omit", signal: loading.signal });
      const page = new DOMParser().parseFromString(TRUSTED.createHTML(await answer.text()), "text/html");
      const sheets = answer.ok && (await this.#sheets(page, address));
      if (loading.signal.aborted) return;
      if (answer.ok) this.#show(page, sheets, address);
      else this.#fail(page.querySelector("h1")?.textContent);
    } catch {
      if (!loading.signal.aborted) this.#fail();
    }
    if (!loading.signal.aborted) this.removeAttribute("aria-busy");
  }

  #sheets(page, address) {
    const schemes = getComputedStyle(this).colorScheme.match(/\b(light|dark)\b/g) ?? ["light"];
    const links = [...page.querySelectorAll("link[rel=stylesheet]")];
    return Promise.all(
      links.map(async (link) => {
        const css = await text(new URL(link.getAttribute("href"), address).href);
        return new CSSStyleSheet().replace(rewritten(css, schemes));
      }),
    );
  }

  #show(page, sheets, address) {
    const content = document.createElement("div"); // a host page has its own <main>
    content.lang = page.documentElement.lang;
    content.className = `embedded ${page.documentElement.className}`;
    content.append(...page.querySelector("main").childNodes);
    for (const link of content.querySelectorAll("a[href]")) {
      lead(link, new URL(link.getAttribute("href"), address));
    }
    for (const button of content.querySelectorAll("[data-copy]")) button.hidden = false;
    this.shadowRoot.adoptedStyleSheets = [FIRST, ...sheets];
    this.shadowRoot.replaceChildren(content);
    this.#rest();
    this.#rest = keepPresent(this.shadowRoot);
    this.#paint();
    if (content.querySelector(".star")) calendar.load().catch(() => this.#say("unknown"));
  }

  #fail(words) {
    const language = this.closest("[lang]")?.lang ?? navigator.language;
    const link = document.createElement("a");
    link.href = this.page();
    link.textContent = link.host + link.pathname;
    const notice = document.createElement("p");
    notice.role = "alert";
    notice.append(words ?? AWAY[language.slice(0, 2)] ?? AWAY.en, " ", link);
    this.#shown = null;
    this.shadowRoot.replaceChildren(notice, document.createElement("slot"));
  }

  // Show what is chosen, by the stars and by the calendar's addresses.
  #paint = () => {
    for (const star of this.shadowRoot.querySelectorAll(".star")) {
      const { slot, slots } = choiceOf(star);
      const isOn = slots.includes(null) || (slot ? slots.includes(slot) : slots.length > 0);
      star.setAttribute("aria-pressed", isOn);
    }
    const { content } = calendar;
    const shown = this.shadowRoot.querySelector("[data-calendar]");
    if (!shown) return;
    shown.hidden = !content?.choices.length;
    if (shown.hidden) return;
    for (const link of shown.querySelectorAll("[data-link]")) {
      lead(link, link.dataset.link === "my" ? calendar.page : content.links[link.dataset.link]);
    }
    for (const field of shown.querySelectorAll("input")) field.value = content.links.copy;
  };

  async #choose(submission) {
    const star = submission.submitter;
    if (!star?.matches(".star")) return;
    submission.preventDefault();
    const { slots, ...choice } = choiceOf(star);
    if (slots.includes(null)) delete choice.slot; // the star of a slot removes the whole, too
    const isOn = star.getAttribute("aria-pressed") !== "true";
    star.setAttribute("aria-pressed", isOn);
    try {
      await calendar.choose(choice, isOn);
      this.#say(null);
    } catch (error) {
      this.#say(UNSAVED[error.status] ?? "unsaved");
    }
  }

  #say(name) {
    const notice = this.shadowRoot.querySelector("[role=alert]");
    notice.hidden = !name;
    notice.textContent = name ? notice.dataset[name] : "";
  }

  async #copy({ target }) {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const field = this.shadowRoot.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      field.select(); // where the host page may not write to the clipboard
    }
  }
}

// Let a link lead away from the host page, but a calendar program open beside it.
function lead(link, address) {
  link.href = address;
  link.target = link.protocol.startsWith("http") ? "_blank" : "_self";
  link.rel = "noopener";
}

// Return the session that a star is for, and which of its slots are chosen.
function choiceOf(star) {
  const [session] = star.value.split("/");
  const slot = star.value.slice(session.length + 1) || undefined; // a uid, which may have a /
  const event = star.form.elements.event.value;
  return { event, session, slot, slots: calendar.slots(event, session) };
}

const ELEMENTS = {
  "calsvc-agenda": class extends Embedded {
    path = "embed/";
    parameters = ["tz", ...FILTERS, ...OPTIONS];
  },
  "calsvc-subscribe": class extends Embedded {
    path = "embed/subscribe/";
    parameters = [...FILTERS, ...OPTIONS];
  },
  "calsvc-session": class extends Embedded {
    parameters = ["tz"];
    get path() {
      return `embed/sessions/${encodeURIComponent(this.getAttribute("session") || "-")}/`;
    }
  },
};
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}
