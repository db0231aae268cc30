// What a page says and does that is a copy, which offline.js kept on this device: when it is of,
// and what the server does otherwise for time zones, days and searches.

const { kept, filters } = document.documentElement.dataset;
const language = document.documentElement.lang;
const address = new URL(location.href);
const note = document.querySelector("[data-as-of]");
const { shownIn, eventIn } = note.dataset; // zones
const wanted = address.searchParams.get("tz") || eventIn || shownIn;
const zone = zoneOf(wanted) ?? shownIn;
tell();
if (zone !== shownIn) showTimes();

// --- when it is of -----------------------------------------------------------------------

function tell() {
  const moment = new Date(kept);
  const isToday = dateIn(zone, moment) === dateIn(zone, new Date());
  const isOwn = zone === Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    timeZoneName: zone && !isOwn ? "short" : undefined,
    hour: "numeric",
    minute: "2-digit",
    ...(!isToday && { month: "short", day: "numeric" }),
  });
  const again = document.createElement("button");
  again.textContent = note.dataset.again;
  again.addEventListener("click", () => location.reload());
  const isOther = wanted && !zoneOf(wanted); // a city that only the server knows
  const words = [note.dataset.asOf.replace("{time}", time.format(moment)), isOther && note.dataset.noZone];
  note.append(words.filter(Boolean).join(". "), " ", again);
}

// Return a date as addresses have it; in the zone of this device if none is given.
function dateIn(timeZone, moment) {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(moment);
}

// --- times -------------------------------------------------------------------------------

// Return the zone that a name or a city means; undefined if this browser knows none.
function zoneOf(words) {
  if (!words) return undefined;
  const name = words.trim().replaceAll(" ", "_");
  const isIts = (each) => `/${each}`.toLowerCase().endsWith(`/${name.toLowerCase()}`);
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) && name;
  } catch {
    return Intl.supportedValuesOf("timeZone").find(isIts);
  }
}

// Show all times of the page in the zone, each with its date where that is not the one beside.
function showTimes() {
  const clock = new Intl.DateTimeFormat(language, { timeZone: zone, timeStyle: "short" });
  const day = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short", month: "short", day: "numeric" });
  let date = "";
  let first = null;
  for (const time of document.querySelectorAll("main time[datetime*=T]")) {
    const moment = new Date(time.dateTime);
    const isEnd = time.previousElementSibling?.localName === "time";
    const beside = isEnd ? date : (dayOf(time) ?? time.dateTime.slice(0, 10));
    date = dateIn(zone, moment);
    time.textContent = [date !== beside && day.format(moment), clock.format(moment)].filter(Boolean).join(", ");
    first ??= moment;
  }
  // By then the reader's own zone has its name on the page.
  if (document.readyState === "complete") nameZone(first);
  else addEventListener("load", () => nameZone(first));
  // The short list of what is on takes its times from the others.
  document.dispatchEvent(new Event("visibilitychange"));
}

// Name the zone wherever the page names it, and mark it among those that it offers.
function nameZone(moment) {
  const offered = document.querySelector(".zones");
  const [event, own] = ["[data-zone=event]", ".own"].map((each) => offered?.querySelector(each));
  for (const each of [event, own]) each?.removeAttribute("aria-current");
  for (const past of offered?.querySelectorAll("[aria-current]") ?? []) past.remove();
  const isOwn = own?.href && new URL(own.href).searchParams.get("tz") === zone;
  const link = zone === eventIn ? event : isOwn ? own : document.createElement("a");
  if (link && !link.textContent) {
    const format = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "short" });
    const letters = format.formatToParts(moment ?? new Date()).find(({ type }) => type === "timeZoneName").value;
    link.textContent = `${letters.replace("GMT", "UTC")}, ${zone.split("/").at(-1).replaceAll("_", " ")}`;
    link.href = address.search;
    event?.after(link);
  }
  link?.setAttribute("aria-current", "true");
  for (const words of document.querySelectorAll("[data-zone-name]")) words.textContent = link?.textContent ?? "";
}

// Return the date of the day of an agenda under which something stands.
function dayOf(element) {
  const id = element.closest(".day")?.querySelector("h2")?.id ?? "";
  return /^day-\d{4}-/.test(id) ? id.slice("day-".length) : undefined;
}

// --- agendas -----------------------------------------------------------------------------

// Let the copy of a whole agenda show what its address asks for: words, or one day.  ``bare``
// makes letters comparable.
export function narrow(bare) {
  const whole = document.querySelector("a[data-whole]");
  if (filters) find(bare);
  else if (whole?.hasAttribute("aria-current") && new URL(whole.href).pathname !== address.pathname) showDay(whole);
}

function find(bare) {
  const found = document.querySelector(".found");
  const words = bare(address.searchParams.get("q") ?? "").split(" ").filter(Boolean);
  const texts = "h3, .people, .where, .labels, .abstract, .parts a";
  const titles = new Set();
  for (const article of document.querySelectorAll(".agenda article")) {
    const text = bare([...article.querySelectorAll(texts)].map((each) => each.textContent).join(" "));
    article.hidden = !words.every((word) => text.includes(word));
    if (!article.hidden) titles.add(article.querySelector("h3").textContent);
  }
  for (const around of document.querySelectorAll(".agenda :is(tr, .day)")) {
    around.hidden = !around.querySelector("article:not([hidden])");
  }
  for (const plan of document.querySelectorAll(".by-room")) plan.className = "plan"; // a list of what is found
  document.querySelector(".present")?.remove();
  document.getElementById("q").value = address.searchParams.get("q") ?? "";
  const clear = document.createElement("a");
  clear.href = address.pathname;
  clear.textContent = found.dataset.clear;
  const told = [
    words.length && found.dataset.found.replace("{number}", titles.size),
    filters !== "q" && found.dataset.noFilters,
  ];
  found.replaceChildren(told.filter(Boolean).join(". "), " ", clear);
}

function showDay(whole) {
  const days = [...document.querySelectorAll(".agenda .day > h2[id^=day-]")];
  const dates = days.map(dayOf);
  const asked = address.pathname.split("/").findLast(Boolean);
  const today = dateIn(shownIn, new Date());
  const date = dates.find((each) => each === asked) ?? dates.find((each) => each >= today) ?? dates[0];
  const there = address.hash && document.getElementById(decodeURIComponent(address.hash.slice(1)));
  if (there && dayOf(there) !== date) return; // all days, as the way back from a session needs
  for (const [at, heading] of days.entries()) heading.closest(".day").hidden = dates[at] !== date;
  whole.removeAttribute("aria-current");
  for (const link of document.querySelectorAll(".days a")) {
    if (new URL(link.href).pathname.endsWith(`/${date}/`)) link.setAttribute("aria-current", "page");
  }
  document.querySelector(".agenda").classList.remove("whole");
}
