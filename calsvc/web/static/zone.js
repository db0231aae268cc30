// The reader's own time zone, which only the browser knows: one of the two that a page offers.
// Who chose it on this device gets it on the next page, too, unless the address says another.
// Pages wait for this file before they are seen, so that no times are seen and then changed.

const PATIENCE = 5000; // milliseconds that a page stays hidden, if it cannot be left
const KEPT = "calsvc:zone";
// Browsers call some zones as they were called before.
const RENAMED = { Calcutta: "Kolkata", Godthab: "Nuuk", Katmandu: "Kathmandu", Kiev: "Kyiv", Rangoon: "Yangon", Saigon: "Ho Chi Minh City" };
// English has letters for a zone where it is spoken, and an offset elsewhere.
const SPOKEN_THERE = ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA"];

const { eventZone, shownZone, unknownZone } = document.querySelector("script[src*='/zone.js']").dataset;
const own = canonical(Intl.DateTimeFormat().resolvedOptions().timeZone);
const isKnown = /\/|^UTC$/.test(own) && own !== "Etc/Unknown";
const askedFor = new URLSearchParams(location.search).get("tz");

// What is hidden is hidden from the first sight on.
const isOffered = isKnown && ![eventZone, shownZone].map(canonical).includes(own);
const root = document.documentElement;
root.toggleAttribute("data-at-home", !isOffered);

if (unknownZone) {
  if (askedFor === own) keep(null); // the site is older than the zone
} else if (isKnown && kept() && !askedFor && own !== canonical(eventZone)) {
  root.toggleAttribute("data-leaving", true);
  setTimeout(() => root.removeAttribute("data-leaving"), PATIENCE);
  location.replace(inOwnZone(new URL(location.href)));
}

// A name for a zone that is the same whoever says it; "" for none.
function canonical(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone || "none" }).resolvedOptions().timeZone;
  } catch {
    return "";
  }
}

function inOwnZone(address) {
  address.searchParams.set("tz", own);
  return address.href.replaceAll("%2F", "/");
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    if (value) localStorage.setItem(KEPT, value);
    else localStorage.removeItem(KEPT);
  } catch {
    // Where storage is off, links carry the zone on.
  }
}

function letters(moment) {
  const names = [root.lang, ...SPOKEN_THERE].map((language) =>
    new Intl.DateTimeFormat(language, { timeZone: own, timeZoneName: "short" })
      .formatToParts(moment)
      .find((part) => part.type === "timeZoneName").value);
  return names.find((name) => !/\d/.test(name)) ?? names[0].replace("GMT", "UTC").replace("-", "−");
}

// The link says what the zone is called at the first time of the page: "CET, Berlin".
function offer() {
  const link = document.querySelector(".zones .own");
  if (!link) return;
  addEventListener("click", remember);
  addEventListener("auxclick", remember);
  if (!isOffered) {
    const current = document.querySelector(".zones a[aria-current]:not([data-zone])");
    if (current && own === canonical(shownZone)) current.dataset.zone = "own";
    return;
  }
  const moment = new Date(document.querySelector("main section time[datetime], .slot time[datetime]")?.dateTime ?? Date.now());
  const city = own.split("/").pop().replaceAll("_", " ");
  link.textContent = own.includes("/") ? `${letters(moment)}, ${RENAMED[city] ?? city}` : own;
  link.href = inOwnZone(new URL(document.querySelector("[data-zone=event]").href));
}

function remember({ target }) {
  const zone = target.closest?.("[data-zone]")?.dataset.zone;
  if (zone) keep(zone === "own" ? "own" : null);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", offer);
else offer();
