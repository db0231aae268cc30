// Events on any page:
//
//   <calsvc-agenda event="…">, <calsvc-subscribe event="…">, <calsvc-session event="…" session="…">
//
// Each shows the <main> of a page for frames in a shadow root, so words, dates and looks are
// those of the calendar site.  No cookie goes there, and the address of the page around stays
// as it is.  What the stars choose is a calendar of the site; the key that edits it stays in
// the local storage of the page around.
//
// Where nothing can be shown, what authors wrote inside an element stays, and the console has
// a line that says why.

import { Calendar } from "./calendar.js";
import { answered, FIRST, looksOf } from "./looks.js";
import { keepPresent, showPresent } from "./present.js";

const SITE = new URL("..", import.meta.url);
const FILTERS = ["track", "kind", "room", "speaker", "tag", "language", "level", "day", "session", "q"];
const OPTIONS = ["alarm", "busy", "cancelled", "banner", "parts"];
const ATTRIBUTES = ["event", "lang", "tz", ...FILTERS, ...OPTIONS];
const UNSAVED = { 409: "full", 429: "many" }; // what a star says, by the status of the answer
const LASTING = 60 * 60_000; // milliseconds until what is shown is asked for again
const PATIENCE = 20_000; // milliseconds that the site may take to answer
const calendar = new Calendar(SITE);
const trusted = policy();

// Where a host page demands trusted types, it names this policy.
function policy() {
  const plain = { createHTML: (html) => html };
  try {
    return globalThis.trustedTypes?.createPolicy("calsvc", plain) ?? plain;
  } catch {
    return plain; // where it does not, it may still demand none
  }
}

// --- elements ----------------------------------------------------------------------------

class Embedded extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  #asked = null; // the address that the attributes ask for
  #shown = null; // the address of what is shown
  #loading = null;
  #came = 0; // when it came
  #timer = null;
  #status = document.createElement("p"); // tells screen readers what has changed
  #rest = () => {}; // ends what keeps its marks of the present

  constructor() {
    super();
    this.#status.role = "status";
    this.#status.className = "hidden";
    const root = this.attachShadow({ mode: "open" });
    this.#showFallback();
    root.addEventListener("submit", (event) => {
      if (event.target.matches(".search")) this.#search(event);
      else this.#choose(event);
    });
    root.addEventListener("click", (event) => {
      this.#lead(event);
      this.#copy(event);
    });
  }

  connectedCallback() {
    calendar.addEventListener("change", this.#paint);
    document.addEventListener("visibilitychange", this.#renew);
    this.#timer = setInterval(this.#renew, LASTING);
    this.#load();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#renew);
    clearInterval(this.#timer);
    calendar.removeEventListener("change", this.#paint);
    this.#loading?.abort();
    this.#rest();
    this.#asked = null;
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
    if (!this.isConnected || address.href === this.#asked) return;
    this.#asked = address.href;
    await this.#open(address, () => this.#showFallback());
  }

  // A page that stays open would go on to show the day, and the agenda, of before.
  #renew = () => {
    const isOld = Date.now() - this.#came >= LASTING;
    const isElsewhere = this.#shown && this.#shown !== this.#asked; // the reader chose a day
    const isInUse = isElsewhere || this.matches(":focus-within, [aria-busy]");
    if (isOld && !isInUse && document.visibilityState === "visible") this.#open(new URL(this.#asked), () => {});
  };

  // Show a page of the site; return whether it is there.
  async #open(address, fail) {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    const patience = setTimeout(() => loading.abort(new Error("there is no answer")), PATIENCE);
    this.setAttribute("aria-busy", "true");
    let isThere = false;
    try {
      const html = await answered(address, "text/html", loading.signal);
      const page = new DOMParser().parseFromString(trusted.createHTML(html), "text/html");
      const found = page.querySelector("body.frame > main");
      if (!found) throw new Error("the answer is another page");
      const looks = await looksOf(page, address, this);
      isThere = loading === this.#loading;
      if (isThere) this.#show(page, found, looks, address);
    } catch (error) {
      // An element that left its page, or wants another one by now, has nothing to complain of.
      if (loading === this.#loading && error.name !== "AbortError") {
        fail();
        console.error(`calsvc: ${address}: ${error.message}`);
      }
    }
    clearTimeout(patience);
    if (loading === this.#loading) this.removeAttribute("aria-busy");
    return isThere;
  }

  #show(page, main, looks, address) {
    this.#shown = address.href;
    this.#came = Date.now();
    const content = document.createElement("div"); // a host page has its own <main>
    content.lang = page.documentElement.lang;
    content.dir = "ltr"; // as the languages of the site are written
    content.className = `embedded ${page.documentElement.className}`;
    content.append(...main.childNodes);
    for (const link of content.querySelectorAll("a[href]")) led(link, address);
    for (const form of content.querySelectorAll("form")) {
      form.action = new URL(form.getAttribute("action"), address);
    }
    for (const button of content.querySelectorAll("[data-copy]")) button.hidden = false;
    content.querySelector(".found")?.removeAttribute("role"); // #status tells it
    this.shadowRoot.adoptedStyleSheets = [FIRST, ...looks];
    this.shadowRoot.replaceChildren(content, this.#status);
    this.#rest();
    this.#rest = keepPresent(this.shadowRoot);
    this.#paint();
    if (content.querySelector(".star")) calendar.load().catch(() => this.#say("unknown"));
  }

  // Show what authors wrote inside, until the site's own is there, or where it cannot be.
  #showFallback() {
    this.#shown = null;
    this.#rest();
    this.shadowRoot.adoptedStyleSheets = [FIRST];
    this.shadowRoot.replaceChildren(document.createElement("slot"));
  }

  // Follow a link to a place in here, or to a page that is shown in here.
  #lead(event) {
    const link = event.target.closest("a[href]");
    const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !isPlain) return; // a tab of its own is asked for
    const place = link.getAttribute("href");
    if (place.startsWith("#")) {
      event.preventDefault();
      this.#jump(this.shadowRoot.getElementById(place.slice(1)));
    } else if (link.matches("[data-inside]")) {
      event.preventDefault();
      this.#go(link.href, link.closest(".days") ? ".days [aria-current]" : "[name=search]");
    }
  }

  #search(event) {
    event.preventDefault();
    const address = new URL(event.target.action);
    address.search = new URLSearchParams(new FormData(event.target));
    this.#go(address, "[name=search]");
  }

  // Show another page in here, where the reader goes on at what a selector finds.
  async #go(address, next) {
    this.#say(null);
    if (!(await this.#open(new URL(address), () => this.#say("away")))) return;
    const root = this.shadowRoot;
    this.#status.textContent = root.querySelector(".found")?.textContent ?? "";
    const places = [...root.querySelectorAll(`${next}, summary`)];
    places.find((each) => each.getClientRects().length)?.focus({ preventScroll: true });
    this.scrollTop = 0; // where the host page gave it a height
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView();
  }

  #jump(place) {
    if (!place) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView();
  }

  // Show what is chosen, by the stars and by the calendar's addresses.
  #paint = () => {
    for (const star of this.shadowRoot.querySelectorAll(".star")) {
      const { slot, slots } = choiceOf(star);
      const isOn = slots.includes(null) || (slot ? slots.includes(slot) : slots.length > 0);
      star.setAttribute("aria-pressed", isOn);
    }
    showPresent(this.shadowRoot); // one's own comes first
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
    if (!notice) return;
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

// Let a link lead to where it does on a page of the site: to a place of it, to a page that is
// shown in here, or away.
function led(link, address) {
  const place = link.getAttribute("href");
  const there = new URL(place, address);
  if (place.startsWith("#")) return;
  if (link.target !== "_self" || !there.protocol.startsWith("http")) return lead(link, there);
  link.href = there;
  link.dataset.inside = "";
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
