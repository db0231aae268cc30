// Keeps copies of the pages that were opened on this device, and answers with them while there
// is no network.  The server writes SITE in front of this: what it knows of addresses.
//
// Pages come from the network first, so that nobody who is online sees what is old.  There is
// one copy at a path, in the language and zone in which it was seen last, so that no copy is
// older than what was shown there; of two answers the later one is kept, by the site's clock.
// Files are kept by the digests in their addresses: a copy gets the scripts of its own release.

const PAGES = `calsvc:pages:${SITE.home}`;
const FILES = `calsvc:files:${SITE.home}`;
const PATIENCE = 4_000; // milliseconds until a copy is better than to wait
const FRESH = 10 * 60_000; // milliseconds for which a whole agenda is not fetched again
const OLDEST = 30 * 24 * 60 * 60_000; // milliseconds after which a copy is of no use
const MOST_PAGES = 200;
const MOST_FILES = 60; // of releases before this one
const AWAY = [502, 503, 504]; // the site is away for a moment, as the network can be
const GONE = [404, 410];
const LEAVES = ["opened", "deleted"]; // after these, a copy of My calendar is of another one
const ASKED = "X-Asked"; // when the answer was asked for, by the clock of this device
const CAME = "X-Came"; // and when it was there
const NOT_KEPT = /<!--not kept-->[^]*?<!--kept-->/g; // keys, and what needs the network

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keepFiles());
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([clients.claim(), tidy()]));
});

// Pages name what should be kept before it is opened, and whether it has changed.
addEventListener("message", (event) => {
  const { keep, isChanged } = event.data;
  event.waitUntil(Promise.all(keep.map((address) => keepAhead(new URL(address), isChanged))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (pathOf(url) === null) return;
  if (request.method !== "GET") return;
  if (["image", "script", "style"].includes(request.destination)) {
    if (url.searchParams.has("v")) event.respondWith(fileFor(request));
  } else if (request.mode === "navigate" && request.destination === "document") {
    if (isOneOf(SITE.answered, url)) event.respondWith(pageFor(event, url));
  }
});

// --- addresses ---------------------------------------------------------------------------

// Return the path of an address below the home of the site; null for what is elsewhere.
function pathOf({ origin, pathname }) {
  const isHere = origin === location.origin && pathname.startsWith(SITE.home);
  return isHere ? pathname.slice(SITE.home.length) : null;
}

function isOneOf(patterns, url) {
  return patterns.some((pattern) => new RegExp(pattern).test(pathOf(url)));
}

function isKept(url) {
  return isOneOf(SITE.kept, url) && !filtersOf(url).length;
}

// Return the path of the agenda that an address is a part of; null if it is of none.
function agendaOf(url) {
  return new RegExp(SITE.agenda).exec(pathOf(url))?.[1] ?? null;
}

// Return the names of the filters by which an address has a part of an agenda.
function filtersOf(url) {
  if (agendaOf(url) === null) return [];
  return SITE.parameters.filter((name) => url.searchParams.get(name));
}

// --- files -------------------------------------------------------------------------------

async function keepFiles() {
  const files = await caches.open(FILES);
  const pages = Object.values(SITE.nothing).map(async (address) => {
    const answer = await fetch(address, { cache: "reload" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await files.put(address, answer);
  });
  const others = SITE.files.map(async (address) => {
    if (await files.match(address, { ignoreVary: true })) return;
    const answer = await fetch(address);
    // While copies of two releases run, one may get requests for the other's file.
    const isItsOwn = answer.ok && answer.headers.get("Cache-Control")?.includes("immutable");
    if (!isItsOwn) throw new Error(`${address}: not of this release`);
    await files.put(address, answer);
  });
  await Promise.all([...pages, ...others]);
}

async function fileFor(request) {
  const files = await caches.open(FILES);
  return (await files.match(request, { ignoreVary: true })) ?? fetch(request);
}

// --- pages -------------------------------------------------------------------------------

async function pageFor(event, url) {
  const coming = fromNetwork(event.request, url, (kept) => event.waitUntil(kept));
  event.waitUntil(coming.catch(() => {})); // what comes too late to be shown is kept
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const answer = await Promise.race([coming, late]).catch(() => null);
  return answer ?? (await copyFor(url)) ?? coming.catch(() => nothingFor(url));
}

// Return the site's answer, or what is newer by then; give the promise that it is kept.
async function fromNetwork(request, url, give) {
  // What a browser has in a cache of its own says nothing without network of when it is of.
  for (const cache of [navigator.onLine ? "default" : "no-cache", "no-cache", "no-cache"]) {
    const asked = Date.now();
    const answer = await fetch(cache === "default" ? request : new Request(request, { cache }));
    if (AWAY.includes(answer.status)) return (await copyFor(url)) ?? answer;
    if (!isKept(url) || !(answer.ok || GONE.includes(answer.status))) return answer;
    const copy = await at(url);
    // A cache on the way may have an older one, and slow answers are overtaken.
    if (copy && isOlder(answer, asked, copy) && (cache === "default" || isOvertaken(asked, copy))) continue;
    give(keep(url, answer.clone(), asked).catch(() => {}));
    return answer;
  }
  return copyFor(url);
}

async function keepAhead(url, isChanged) {
  if (pathOf(url) === null || !isKept(url)) return;
  const copy = await at(url);
  if (!isChanged && copy && Date.now() - copy.headers.get(ASKED) < FRESH) return;
  let kept = null;
  try {
    await fromNetwork(new Request(url, { headers: { Accept: "text/html" } }), url, (promise) => (kept = promise));
    await kept;
  } catch {
    // It is fetched with the next page.
  }
}

function dateOf({ headers }) {
  return Date.parse(headers.get("Date")) || Number(headers.get(ASKED)) || Date.now();
}

function isOlder(answer, asked, copy) {
  const difference = dateOf(answer) - dateOf(copy);
  return difference < 0 || (!difference && asked < Number(copy.headers.get(ASKED)));
}

// Tell whether a copy came after something was asked for.  If it was there before, that the
// answer has an earlier date means only that the site's clock was put back.
function isOvertaken(asked, copy) {
  return Number(copy.headers.get(CAME)) > asked;
}

// --- copies ------------------------------------------------------------------------------

// Return the copy at an address's own path; none if it is too old.
async function at(url) {
  const copy = await (await caches.open(PAGES)).match(url.pathname, { ignoreVary: true });
  return copy && Date.now() - copy.headers.get(ASKED) < OLDEST ? copy : undefined;
}

async function keep(url, answer, asked) {
  const html = await answer.text();
  if (!html.includes(SITE.mark)) return; // a gate to the network answers in the site's place
  if (answer.headers.get("X-Stars") === "away" && (await at(url))) return; // the copy has them
  const isAnother = url.pathname === SITE.mine && url.searchParams.get("done") === "opened";
  if (isAnother || (url.pathname === SITE.mine && html.includes("data-is-empty"))) await forget(asked);
  const headers = new Headers(answer.headers);
  headers.set(ASKED, asked);
  headers.set(CAME, Date.now());
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const copy = new Response(html.replace(NOT_KEPT, ""), { headers });
  await alone(async () => {
    const pages = await caches.open(PAGES);
    if (asked < left && isPersonal(answer)) return; // of a calendar that is not here any more
    const there = await at(url);
    if (there && isOlder(answer, asked, there) && isOvertaken(asked, there)) return;
    try {
      if (!answer.ok) throw new Error(answer.status);
      await pages.put(url.pathname, copy);
    } catch {
      await pages.delete(url.pathname, { ignoreVary: true }); // it is gone, or there is no room
    }
    if ((await pages.keys()).length > MOST_PAGES) await tidy();
  });
}

// Do one after the other what compares a copy and replaces it.
function alone(work) {
  return navigator.locks ? navigator.locks.request(PAGES, work) : work();
}

// Return the newest copy that can stand for a page, marked as one.
async function copyFor(url) {
  if (url.pathname === SITE.mine && LEAVES.includes(url.searchParams.get("done"))) return null;
  const agenda = agendaOf(url);
  const filters = filtersOf(url);
  const whole = agenda !== null && new URL(`${SITE.home}${agenda}${SITE.whole}`, location.origin);
  const own = filters.length ? new URL(`${SITE.home}${agenda}`, location.origin) : url;
  const [first, second] = [await at(own), whole && (await at(whole))];
  if (!first && !second) return null;
  // A day has less than a search looks for.
  const isSecond = second && (!first || filters.length || dateOf(second) > dateOf(first));
  const copy = isSecond ? second : first;
  const date = new Date(dateOf(copy)).toISOString();
  const marks = { kept: date, asked: copy.headers.get(ASKED), filters };
  const words = Object.entries(marks).map(([name, value]) => ` data-${name}="${value}"`);
  const html = (await copy.text()).replace("<html", `<html${words.join("")}`);
  return new Response(html, { headers: copy.headers });
}

async function nothingFor(url) {
  const wanted = [url.searchParams.get("lang"), ...navigator.languages];
  const tags = wanted.map((tag) => tag?.split("-")[0]);
  const tag = tags.find((each) => each in SITE.nothing) ?? Object.keys(SITE.nothing)[0];
  const page = await (await caches.open(FILES)).match(SITE.nothing[tag], { ignoreVary: true });
  return page ? new Response(page.body, { status: 503, headers: page.headers }) : Response.error();
}

// Forget all that is one person's, and was asked for before: their calendar has left this device.
let left = 0;
async function forget(before) {
  left = before;
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const copy = await pages.match(request, { ignoreVary: true });
    if (copy && isPersonal(copy)) await pages.delete(request, { ignoreVary: true });
  }
}

function isPersonal({ headers }) {
  return headers.get("Cache-Control")?.includes("no-store");
}

async function tidy() {
  const pages = await caches.open(PAGES);
  // Those that were kept first come first.
  const kept = (await pages.keys()).filter(({ url }) => new URL(url).pathname !== SITE.mine);
  for (const [number, request] of kept.entries()) {
    const isTooMany = number < kept.length - MOST_PAGES;
    if (isTooMany || !(await at(new URL(request.url)))) await pages.delete(request, { ignoreVary: true });
  }
  const files = await caches.open(FILES);
  const present = [...SITE.files, ...Object.values(SITE.nothing)].map((address) => new URL(address, location.origin).href);
  const past = (await files.keys()).filter((request) => !present.includes(request.url));
  for (const request of past.slice(0, -MOST_FILES)) await files.delete(request, { ignoreVary: true });
}
