// The stars of a page.  A press shows at once and is saved behind it; what could not be saved
// is kept on this device, and sent when the network is back.

import { keep, kept } from "./kept.js";

const KEPT = "calsvc:unsaved"; // presses without an answer, by the session or time they are of
const SAVED = "calsvc:saved"; // what was saved, and when: copies of pages may not show it
const MOST = 100; // of what was saved
const TOLD = "calsvc:told"; // sentences on stars that could not be saved
const NUMBER = "calsvc:chosen"; // how many sessions are chosen, as the site said last
const SOON = 1_000; // milliseconds until it is tried again, and twice as many each time
const LATEST = 30_000; // milliseconds that this grows to
const PATIENCE = 20_000; // milliseconds that an answer may take
const LONGEST = 3_000; // milliseconds for which a link waits for what is on its way
const MANY = 429; // like what is wrong with the site, this is over after a while
const GONE = [404, 410];
const NO_CALENDAR = [401, ...GONE];
const FULL = 409;

const told = document.querySelector(".told");
let sending = Promise.resolve(); // one after the other: two quick stars make one calendar
let waiting = 0; // of what is sent
let isSaved = false; // something that copies do not have
let timer = null;
let pause = SOON;
let sent = null; // the star whose form is sent as without this script

document.addEventListener("submit", (event) => {
  const star = event.submitter;
  if (!star?.matches(".star") || star === sent) return;
  event.preventDefault();
  const isOn = star.getAttribute("aria-pressed") !== "true";
  const press = {
    add: star.form.getAttribute("action"),
    body: `${new URLSearchParams(new FormData(star.form, star))}`,
    isOn,
    ...nameOf(star),
  };
  const key = keyOf(star);
  change((all) => {
    const before = all[key];
    // Pressed there and back without a word to the site, it is as the site has it.
    if (before && !before.isTried && before.isOn !== isOn) delete all[key];
    else all[key] = { ...press, isTried: before?.isTried };
  });
  for (const each of starsOf(key)) show(each, isOn);
  say(key, false);
  busy(key, key in presses);
  send();
});

// A double click on a star is one.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest(".star")) event.preventDefault();
});

// --- what is kept ------------------------------------------------------------------------

let presses = kept(KEPT) ?? {};

function change(edit) {
  presses = kept(KEPT) ?? presses; // another tab may have sent some
  edit(presses);
  keep(KEPT, presses);
}

function keyOf(star) {
  return `${star.form.elements.event.value}/${star.value}`;
}

// Return the title and the address of the session of a star.
function nameOf(star) {
  const place = star.closest("article, li");
  const link = place?.querySelector("h3 a, h4 a") ?? place?.querySelector(":scope > a");
  const title = link ?? place?.querySelector("h3") ?? document.querySelector("h1");
  return { title: title.textContent.trim(), page: link?.href ?? location.pathname };
}

function starsOf(key) {
  return [...document.querySelectorAll("button.star")].filter((star) => keyOf(star) === key);
}

// --- sending -----------------------------------------------------------------------------

function send() {
  const step = () => (navigator.locks ? navigator.locks.request(KEPT, sendAll) : sendAll());
  waiting += 1;
  sending = sending.then(step).catch(() => {}).finally(() => (waiting -= 1));
}

async function sendAll() {
  clearTimeout(timer);
  change(() => {});
  for (const [key, press] of Object.entries(presses)) {
    if (presses[key]?.isOn !== press.isOn) continue; // taken back meanwhile
    busy(key, true);
    // Where the answer gets lost, the site may have it all the same.
    if (navigator.onLine) change((all) => all[key] && (all[key].isTried = true));
    const answer = await answerTo(press);
    busy(key, false);
    if (!answer) {
      for (const each of Object.keys(presses)) {
        late.add(each);
        say(each, true);
        busy(each, false);
      }
      timer = setTimeout(send, pause);
      pause = Math.min(2 * pause, LATEST);
      return;
    }
    pause = SOON;
    say(key, false);
    if (answer.ok) save(key, press.isOn); // before it is no longer kept: other tabs look there
    change((all) => {
      // A press while this one was on its way wants the opposite.
      if (all[key]?.isOn === press.isOn) delete all[key];
    });
    if (answer.ok) {
      const said = await answer.json().catch(() => null); // it was cut off, and is saved
      if (said) count(said.sessions, press.isOn);
    } else if (press.isOn || !NO_CALENDAR.includes(answer.status)) {
      if (!late.has(key) && starsOf(key).length) return refused(key, press);
      keep(TOLD, [...(kept(TOLD) ?? []), wordsOf(answer.status).replace("{title}", press.title ?? key)]);
      for (const star of starsOf(key)) show(star, !press.isOn);
    }
  }
  if (Object.keys(presses).length) return send();
  if (isSaved) renew();
  isSaved = false;
  if (late.size && document.querySelector("[data-is-mine]")) return location.reload(); // it shows them
  late.clear();
  tell();
}

// Return the site's answer to a press, or null if there is none: a gate to the network may
// answer in its place.
async function answerTo({ add, body, isOn }) {
  try {
    const answer = await fetch(isOn ? add : add.replace(/add(?=\?|$)/, "remove"), {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(body),
      keepalive: true,
      redirect: "error",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    const isJSON = answer.headers.get("Content-Type") === "application/json";
    const isAway = answer.status >= 500 || answer.status === MANY;
    return isAway || (answer.ok && !isJSON) ? null : answer;
  } catch {
    return null;
  }
}

// The copy of My calendar, which may be opened without network, should show it.
async function renew() {
  const mine = document.querySelector("header .mine").href;
  const worker = await navigator.serviceWorker?.ready;
  worker?.active.postMessage({ keep: [mine], isChanged: true });
}

// Note what the site has by now: a copy of a page that is older shows it, too.
function save(key, isOn) {
  const { [key]: _, ...others } = kept(SAVED) ?? {};
  const entries = Object.entries({ ...others, [key]: { isOn, at: Date.now() } });
  keep(SAVED, Object.fromEntries(entries.slice(-MOST)));
  isSaved = true;
}

// A page that is opened at once would not show what is on its way.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!waiting || !link || !isPlain || event.defaultPrevented || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  await Promise.race([sending, new Promise((done) => setTimeout(done, LONGEST))]);
  location.assign(link.href);
});

// The page that follows a form says what is wrong.
function refused(key, { isOn }) {
  const star = starsOf(key)[0];
  if (!star) return;
  show(star, !isOn);
  sent = star;
  star.form.requestSubmit(star);
  sent = null;
}

// --- what is seen ------------------------------------------------------------------------

function show(star, isOn) {
  star.setAttribute("aria-pressed", String(isOn));
  if (isOn) star.setAttribute("formaction", star.form.getAttribute("action").replace(/add(?=\?|$)/, "remove"));
  else star.removeAttribute("formaction");
}

function busy(key, isBusy) {
  for (const star of starsOf(key)) {
    if (isBusy) star.setAttribute("aria-busy", "true");
    else star.removeAttribute("aria-busy");
  }
}

function wordsOf(status) {
  const { gone, full, refused: other } = told.dataset;
  return GONE.includes(status) ? gone : status === FULL ? full : other;
}

// Say what became of stars that were pressed before, on each page until the reader closes it.
function tell() {
  const words = kept(TOLD) ?? [];
  if (!words.length) return;
  const close = document.getElementById("first-star").content.querySelector("button").cloneNode(true);
  close.addEventListener("click", () => {
    keep(TOLD, []);
    told.replaceChildren();
  });
  told.replaceChildren(words.join(" "), " ", close);
}

function say(key, isUnsaved) {
  const words = told.dataset.unsaved;
  for (const star of starsOf(key)) {
    if (isUnsaved) star.dataset.unsaved = told.dataset.short;
    else delete star.dataset.unsaved;
  }
  if (isUnsaved && told.textContent === words) return; // it is read aloud once
  if (isUnsaved) told.textContent = words;
  else if (told.textContent === words) told.textContent = "";
}

function count(number, isOn) {
  keep(NUMBER, number);
  showNumber(number);
  if (number !== 1 || !isOn) return;
  const first = document.getElementById("first-star").content.cloneNode(true);
  first.querySelector("button").addEventListener("click", () => told.replaceChildren());
  told.replaceChildren(first);
}

function showNumber(number) {
  for (const place of document.querySelectorAll("[data-chosen]")) {
    place.textContent = number ? `(${number})` : "";
  }
}

// What was saved is of the calendar that leaves this device; a deletion is of what was not sent,
// too.
const address = new URL(location.href);
const done = document.getElementById("done") && address.searchParams.get("done");
if (done === "deleted" || done === "opened") {
  keep(SAVED, {});
  keep(TOLD, []);
  if (done === "deleted") keep(KEPT, (presses = {}));
  address.searchParams.delete("done"); // coming back here later does nothing
  history.replaceState(history.state, "", address);
}

// Pages that are the same for everybody do not say how many are chosen, and copies what was.
const { asked } = document.documentElement.dataset;
const here = document.querySelector("[data-chosen]");
if (here?.dataset.chosen && !asked) keep(NUMBER, Number(here.dataset.chosen));
else showNumber(kept(NUMBER));
if (asked) showSaved(asked);

// Show what was saved since a page was asked for.
function showSaved(since) {
  for (const [key, { isOn, at }] of Object.entries(kept(SAVED) ?? {})) {
    if (at > since) for (const star of starsOf(key)) show(star, isOn);
  }
}

// A page that the way back brings again is as it was left.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (document.querySelector("[data-is-mine]")) return location.reload();
  showSaved(Number(asked) || performance.timeOrigin);
  showNumber(kept(NUMBER));
});

const late = new Set(Object.keys(presses)); // this page was made without them
for (const [key, { isOn }] of Object.entries(presses)) for (const star of starsOf(key)) show(star, isOn);
showUnsent();
tell();
if (late.size) send();
addEventListener("online", () => {
  pause = SOON; // a network that has come back may take a moment to let anything through
  send();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && Object.keys(presses).length) send();
});

// Another tab has pressed, taken back, or sent.
addEventListener("storage", ({ key }) => {
  if (key === NUMBER) showNumber(kept(NUMBER));
  if (key !== KEPT) return;
  const before = presses;
  presses = kept(KEPT) ?? {};
  for (const name of Object.keys({ ...before, ...presses })) {
    const isSent = kept(SAVED)?.[name]?.isOn === before[name]?.isOn;
    const { isOn } = presses[name] ?? { isOn: before[name].isOn === isSent };
    for (const star of starsOf(name)) show(star, isOn);
    if (!presses[name]) say(name, false);
  }
  showUnsent();
});

// My calendar lists what is not on it yet.
function showUnsent() {
  const place = document.getElementById("unsent");
  if (!place) return;
  const chosen = Object.entries(presses).filter(([key, { isOn }]) => isOn && !starsOf(key).length);
  place.hidden = !chosen.length;
  place.querySelector("ul").replaceChildren(
    ...chosen.map(([key, { title = key, page = "" }]) => {
      const link = Object.assign(document.createElement("a"), { href: page, textContent: title });
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
}
