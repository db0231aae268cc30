// The reader's choice of sessions, as a calendar of the site that embed.js is of.
//
// The API keeps the calendar; the key that edits it stays in the local storage of the page
// around.

const NO_CALENDAR = [401, 404, 410];

// What the API did not do, with the status of its answer.
class Refusal extends Error {
  constructor({ url, status }) {
    super(`${url}: ${status}`);
    this.status = status;
  }
}

export class Calendar extends EventTarget {
  #site; // the home of the calendar site
  #stored; // the name of the key in the local storage
  #key = null;
  #asked = null;
  #steps = Promise.resolve(); // one after the other: two quick stars make one calendar
  #waiting = 0; // steps
  content = null; // as the API shows it; null without a calendar

  constructor(site) {
    super();
    this.#site = site;
    this.#stored = `calsvc:${site.origin}`;
    this.#read();
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return; // else the way back brought a page as it was left
      this.#read();
      this.#asked = null;
      this.load().catch(() => {});
    });
    addEventListener("storage", (event) => {
      if (event.key !== this.#stored) return;
      this.#key = event.newValue;
      this.#asked = null;
      this.load().catch(() => {});
    });
  }

  get page() {
    return new URL(`my/#${this.#key}`, this.#site).href;
  }

  // Ask for the calendar, once for all elements.
  load() {
    if (!this.#asked) {
      this.#asked = this.#step(async () => this.#show(this.#key && (await this.#ask("GET", "/me"))));
      this.#asked.catch(() => (this.#asked = null));
    }
    return this.#asked;
  }

  // Add or remove a session, or one of its slots.
  choose({ event, session, slot }, isOn) {
    return this.#step(async () => {
      this.#read(); // another page may have made a calendar meanwhile
      const query = slot ? `?slot=${encodeURIComponent(slot)}` : "";
      const path = `/me/sessions/${encodeURIComponent(event)}/${encodeURIComponent(session)}${query}`;
      if (this.#key) {
        const content = await this.#ask(isOn ? "PUT" : "DELETE", path);
        if (content) return this.#show(content);
        // What is not there is either the session or the calendar.
        this.#show(await this.#ask("GET", "/me"));
        if (this.content) throw new Error(`${event} has no session ${session}`);
      }
      if (!isOn) return;
      const made = await this.#ask("POST", "", { sessions: [{ event, session, slot }] });
      if (!made) throw new Error(`${event} has no session ${session}`);
      this.#keep(made.edit_key);
      this.#show(made);
    });
  }

  // Tell which slots of a session are chosen; null stands for the whole session.
  slots(event, session) {
    const choices = this.content?.choices ?? [];
    return choices.filter((each) => each.event === event && each.session === session).map((each) => each.slot);
  }

  #step(work) {
    this.#waiting += 1;
    const step = this.#steps.then(work).finally(() => {
      this.#waiting -= 1;
      if (!this.#waiting) this.dispatchEvent(new Event("change"));
    });
    this.#steps = step.catch(() => {});
    return step;
  }

  async #ask(method, path, body) {
    const headers = this.#key && method !== "POST" ? { Authorization: `Bearer ${this.#key}` } : {};
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(new URL(`api/calendars${path}`, this.#site), {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      keepalive: method !== "GET", // who leaves the page has chosen all the same
    });
    if (NO_CALENDAR.includes(answer.status)) return null;
    if (!answer.ok) throw new Refusal(answer);
    return answer.json();
  }

  #show(content) {
    if (!content && this.#key) this.#keep(null);
    this.content = content;
  }

  #read() {
    try {
      this.#key = localStorage.getItem(this.#stored) ?? this.#key;
    } catch {
      // Where storage is off, a choice lasts as long as the page.
    }
  }

  #keep(key) {
    this.#key = key;
    try {
      if (key) localStorage.setItem(this.#stored, key);
      else localStorage.removeItem(this.#stored);
    } catch {
      // As above.
    }
  }
}
