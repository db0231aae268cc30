// What is on now and what comes next, on an agenda that stays open: the server rendered it
// for everybody, minutes ago.

const LASTING = 4 * 60 * 60_000; // what is on for longer, such as a desk, is not the present
const MINUTE = 60_000;

// Keep an agenda's marks and its short list true; return what ends that.
export function keepPresent(root) {
  const show = () => document.visibilityState === "hidden" || update(root, Date.now());
  show();
  const timer = setInterval(show, MINUTE);
  document.addEventListener("visibilitychange", show);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", show);
  };
}

function update(root, now) {
  const agenda = root.querySelector("[data-on]");
  if (!agenda) return;
  const days = [...agenda.querySelectorAll(".day")].map((day) => sessionsOf(day));
  const isOver = days.flat().every(({ end }) => end <= now); // then nothing steps back
  for (const session of days.flat()) mark(session, now, agenda.dataset.on, isOver);
  const begun = days.findLast((sessions) => sessions.some(({ start }) => start <= now));
  const today = (begun ?? days[0] ?? []).filter(({ start, end }) => end - start <= LASTING);
  const on = today.filter(({ start, end }) => start <= now && now < end);
  const next = Math.min(...today.map(({ start }) => start).filter((start) => start > now));
  const last = Math.max(...today.map(({ start }) => start).filter((start) => start <= now));
  const short = root.querySelector(".present");
  if (short) {
    const [ofNow, ofNext] = short.children;
    list(short, ofNow, on.sort((one, other) => other.start - one.start), true);
    list(short, ofNext, today.filter(({ start }) => start === next), false);
  }
  const jump = root.querySelector(".jump");
  if (jump && Number.isFinite(last)) jump.href = `#t-${last / 1000}`;
}

// Return the sessions of a day that are not cancelled.
function sessionsOf(day) {
  return [...day.querySelectorAll("article:not(.cancelled)")].flatMap((article) => {
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
    article.querySelector(".facts").append(" ", added);
  } else if (!isOn) there?.remove();
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
    const title = article.querySelector("h3");
    const link = document.createElement("a");
    link.href = article.id ? `#${article.id}` : title.querySelector("a")?.href ?? "";
    link.textContent = title.textContent.trim();
    if (title.lang) link.lang = title.lang;
    const where = article.querySelector(".where")?.textContent;
    const note = line("span", [where, isOn && until.replace("{time}", times[1])].filter(Boolean).join(" · "));
    const item = line("li", "");
    item.className = isMine({ article }) ? "mine" : "";
    item.append(link, " ", note);
    return item;
  });
  if (sorted.length > most) lines.push(line("li", more.replace("{number}", sorted.length - most)));
  const items = half.querySelector("ul");
  const said = (of) => of.map((each) => each.className + each.textContent.trim()).join("\n");
  if (said(lines) === said([...items.children])) return; // a reader may be in it
  half.hidden = !lines.length;
  items.replaceChildren(...lines);
  if (!isOn && sorted.length) half.querySelector("h2").textContent = next.replace("{time}", sorted[0].times[0]);
}

function line(name, words) {
  const made = document.createElement(name);
  made.className = "note";
  made.textContent = words;
  return made;
}
