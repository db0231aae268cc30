// The stars of a page.  A press shows at once and is saved behind it; what could not be saved
// is kept on this device, and sent when the network is back.

const KEPT = "calsvc:unsaved"; // presses without an answer, by the session or time they are of
const NUMBER = "calsvc:chosen"; // how many sessions are chosen, as the site said last
const SOON = 1_000; // milliseconds until it is tried again, and twice as many each time
const LATEST = 30_000; // milliseconds that this grows to
const LONGEST = 3_000; // milliseconds for which a link waits for what is on its way
const BUSY = [502, 503, 504]; // the site is away for a moment, as the network can be

const told = document.querySelector(".told");
let sending = Promise.resolve(); // one after the other: two quick stars make one calendar
let isSending = false;
let timer = null;
let pause = SOON;
let sent = null; // the star whose form is sent as without this script

document.addEventListener("submit", (event) => {
  const star = event.submitter;
  if (!star?.matches(".star") || star === sent) return;
  event.preventDefault();
  const isOn = star.getAttribute("aria-pressed") !== "true";
  const press = { add: star.form.getAttribute("action"), body: `${new URLSearchParams(new FormData(star.form, star))}`, isOn };
  const key = keyOf(star);
  change((all) => {
    // Pressed there and back without a word to the site, it is as the site has it.
    if (all[key]) delete all[key];
    else all[key] = press;
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

function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null; // where storage is off, they last as long as the page
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // As above.
  }
}

function change(edit) {
  presses = kept(KEPT) ?? presses; // another tab may have sent some
  edit(presses);
  keep(KEPT, presses);
}

function keyOf(star) {
  return `${star.form.elements.event.value}/${star.value}`;
}

function starsOf(key) {
  return [...document.querySelectorAll(".star")].filter((star) => keyOf(star) === key);
}

// --- sending -----------------------------------------------------------------------------

function send() {
  const step = () => (navigator.locks ? navigator.locks.request(KEPT, sendAll) : sendAll());
  isSending = true;
  sending = sending.then(step).catch(() => {}).finally(() => (isSending = false));
}

async function sendAll() {
  clearTimeout(timer);
  change(() => {});
  for (const [key, press] of Object.entries(presses)) {
    if (presses[key]?.isOn !== press.isOn) continue; // taken back meanwhile
    busy(key, true);
    const answer = await answerTo(press);
    busy(key, false);
    if (!answer) {
      for (const waiting of Object.keys(presses)) {
        say(waiting, true);
        busy(waiting, false);
      }
      timer = setTimeout(send, pause);
      pause = Math.min(2 * pause, LATEST);
      return;
    }
    pause = SOON;
    say(key, false);
    change((all) => {
      // A press while this one was on its way wants the opposite.
      if (!all[key]) all[key] = { ...press, isOn: !press.isOn };
      else if (all[key].isOn === press.isOn) delete all[key];
    });
    if (!answer.ok) return refused(key, press);
    count((await answer.json()).sessions, press.isOn);
  }
  if (Object.keys(presses).length) send();
  else if (isLate && document.querySelector("[data-is-mine]")) location.reload(); // it shows them
  isLate = false;
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
    });
    const isJSON = answer.headers.get("Content-Type") === "application/json";
    return BUSY.includes(answer.status) || (answer.ok && !isJSON) ? null : answer;
  } catch {
    return null;
  }
}

// A page that is opened at once would not show what is on its way.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!isSending || !link || !isPlain || event.defaultPrevented || link.getAttribute("href").startsWith("#")) return;
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

function say(key, isUnsaved) {
  const words = told.dataset.unsaved;
  for (const star of starsOf(key)) {
    if (isUnsaved) star.dataset.unsaved = told.dataset.short;
    else delete star.dataset.unsaved;
  }
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

// Pages that are the same for everybody do not say how many are chosen.
const here = document.querySelector("[data-chosen]");
if (here?.dataset.chosen) keep(NUMBER, Number(here.dataset.chosen));
else showNumber(kept(NUMBER));

let isLate = Object.keys(presses).length > 0; // this page was made without them
for (const [key, { isOn }] of Object.entries(presses)) for (const star of starsOf(key)) show(star, isOn);
if (isLate) send();
addEventListener("online", () => {
  pause = SOON; // a network that has come back may take a moment to let anything through
  send();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && Object.keys(presses).length) send();
});

// --- only one's own ----------------------------------------------------------------------

// Without this script the link leads to My calendar.
const only = document.querySelector("[data-only-mine]");
only?.setAttribute("role", "button");
only?.setAttribute("aria-pressed", "false");
only?.addEventListener("click", (event) => {
  event.preventDefault();
  only.setAttribute("aria-pressed", String(document.body.classList.toggle("only-mine")));
});
only?.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  only.click();
});
