// What is on now and what comes next, on an agenda or a choice that stays open: the server
// rendered it minutes ago, and an agenda for everybody.

const LASTING = 4 * 60 * 60_000; // what is on for longer, such as a desk, is not the present
const AHEAD = 12 * 60 * 60_000; // what begins later is of another day
const MINUTE = 60_000;

// Keep the marks and the short list of what has them true; return what ends that.
export function keepPresent(root) {
  const show = () => document.visibilityState === "hidden" || showPresent(root);
  show();
  const days = root.querySelector(".days");
  if (days) showTabs(days);
  const timer = setInterval(show, MINUTE);
  document.addEventListener("visibilitychange", show);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", show);
  };
}

// In a narrow place the day on show is among those in sight, and the one that the keyboard is at.
function showTabs(days) {
  const show = (tab) => (days.scrollLeft = tab.offsetLeft - (days.clientWidth - tab.offsetWidth) / 2);
  const current = days.querySelector("[aria-current]");
  if (current) show(current);
  // What moved below a mouse that is pressed would not be clicked.
  days.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && show(target));
}

// Make the marks and the short list true, also for what somebody has just chosen.
export function showPresent(root) {
  const now = Date.now();
  const agenda = root.querySelector("[data-on]");
  if (!agenda) return;
  const days = [...agenda.querySelectorAll(".day")].map((day) => sessionsOf(day));
  const isOver = days.flat().every(({ end }) => end <= now); // then nothing steps back
  for (const session of days.flat()) mark(session, now, agenda.dataset.on, isOver);
  const line = root.querySelector(".following");
  if (line) follow(line, days.flat(), now);
  const short = root.querySelector(".present");
  const jump = root.querySelector(".jump");
  if (short || jump) tell(short, jump, days, now);
}

// Tell what is on today, and what is next, in the short list; and lead to it.
function tell(short, jump, days, now) {
  const passing = days.map((sessions) => sessions.filter(({ start, end }) => end - start <= LASTING));
  const left = passing.find((sessions) => sessions.some(({ end }) => end > now)) ?? [];
  const today = left.some(({ start }) => start < now + AHEAD) ? left : [];
  const on = today.filter(({ start, end }) => start <= now && now < end);
  const next = Math.min(...today.map(({ start }) => start).filter((start) => start > now));
  const last = Math.max(...today.map(({ start }) => start).filter((start) => start <= now));
  if (short) {
    const [ofNow, ofNext] = short.children;
    list(short, ofNow, on.sort((one, other) => other.start - one.start), true);
    list(short, ofNext, today.filter(({ start }) => start === next), false);
    short.hidden = ofNow.hidden && ofNext.hidden;
  }
  if (jump && Number.isFinite(last)) jump.href = `#t-${last / 1000}`;
}

// Return the sessions of a day that have a time, and are not cancelled.
function sessionsOf(day) {
  return [...day.querySelectorAll("article:not(.cancelled, .all-day)")].flatMap((article) => {
    const times = [...article.querySelectorAll("time")];
    if (times.length < 2) return [];
    const [start, end] = times.map((time) => Date.parse(time.dateTime));
    return [{ article, start, end, times: times.map((time) => time.textContent) }];
  });
}

function mark({ article, start, end }, now, words, isOver) {
  const isOn = start <= now && now < end;
  article.classList.toggle("now", isOn);
  article.classList.toggle("over", end <= now && !isOver);
  const there = article.querySelector(".on");
  if (isOn && !there) {
    const added = document.createElement("strong");
    added.className = "mark on";
    added.textContent = words;
    article.querySelector("time").closest("p").append(" ", added);
  } else if (!isOn) there?.remove();
}

// Say which session of a choice is on, or is the next one.
function follow(line, sessions, now) {
  const coming = sessions.filter(({ end }) => end > now);
  const [first] = coming.sort((one, other) => one.start - other.start || one.end - other.end);
  line.hidden = !first;
  if (!first) return;
  const { article, start } = first;
  const words = line.querySelector("strong");
  words.textContent = start <= now ? line.dataset.now : line.dataset.next;
  line.querySelector("a").replaceWith(linkTo(article));
  line.querySelector("a ~ span").textContent = article.dataset.told;
}

// Return a link to a session on this page, or to its own.
function linkTo(article) {
  const title = article.querySelector("h3");
  const link = document.createElement("a");
  link.href = article.id ? `#${article.id}` : title.querySelector("a")?.href ?? "";
  if (article.id) link.target = "_self"; // in a frame others open a tab
  link.textContent = title.textContent.trim();
  if (title.lang) link.lang = title.lang;
  return link;
}

// Fill one half of the short list: a reader's own sessions first.
function list(short, half, sessions, isOn) {
  const { most, until, next, more } = short.dataset;
  const isMine = ({ article }) => !!article.querySelector(".star[aria-pressed=true]");
  // What begins together stays in the order in which the page came, so that nothing jumps.
  const listed = [...half.querySelectorAll("a")].map((link) => link.hash.slice(1));
  const placeOf = ({ article }) => (listed.includes(article.id) ? listed.indexOf(article.id) : listed.length);
  sessions.sort((one, other) => other.start - one.start || placeOf(one) - placeOf(other));
  const sorted = [...sessions.filter(isMine), ...sessions.filter((each) => !isMine(each))];
  const lines = sorted.slice(0, most).map(({ article, times }) => {
    const where = article.querySelector(".where")?.textContent;
    const note = line("span", [where, isOn && until.replace("{time}", times[1])].filter(Boolean).join(" · "));
    const item = line("li", "");
    item.className = isMine({ article }) ? "mine" : "";
    item.append(linkTo(article), " ", note);
    return item;
  });
  if (sorted.length > most) lines.push(line("li", more.replace("{number}", sorted.length - most)));
  const items = half.querySelector("ul");
  const said = (of) => of.map((each) => each.className + each.textContent.trim()).join("\n");
  const heading = half.querySelector("h2");
  const begins = !isOn && sorted.length ? next.replace("{time}", sorted[0].times[0]) : heading.textContent;
  if (heading.textContent !== begins) heading.textContent = begins;
  if (said(lines) === said([...items.children])) return; // a reader may be in it
  half.hidden = !lines.length;
  items.replaceChildren(...lines);
}

function line(name, words) {
  const made = document.createElement(name);
  made.className = "note";
  made.textContent = words;
  return made;
}
