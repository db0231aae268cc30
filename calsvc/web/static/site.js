// What makes pages quicker to use.  They do all of it without this script too.

// A copy button copies the text of what it names, and says so.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      // Browsers have no clipboard for a site without https: the reader copies what is marked.
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
    }
  });
}

// The way back leads to the agenda as the reader had it, with its filters, at this session; else
// to the page of its day.
const back = document.querySelector("[data-back]");
if (back) {
  const from = new URL(document.referrer || location.href);
  const agenda = back.dataset.back;
  const isOfEvent = from.origin === location.origin && from.pathname.startsWith(agenda);
  const rest = from.pathname.slice(agenda.length);
  if (isOfEvent && (!rest || rest.startsWith("days/"))) keepAgenda(from.pathname + from.search);
  const kept = keptAgenda();
  if (kept?.startsWith(agenda)) back.href = kept + back.hash;
}

function keepAgenda(address) {
  try {
    sessionStorage.setItem("calsvc:agenda", address);
  } catch {
    // Where storage is off, the way back is the whole agenda.
  }
}

function keptAgenda() {
  try {
    return sessionStorage.getItem("calsvc:agenda");
  } catch {
    return null;
  }
}

// An address is sent to another device by what this one shares with; without that, by mail.
for (const link of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) break;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    navigator.share({ title: link.dataset.title, url: link.dataset.share }).catch((error) => {
      if (error.name !== "AbortError") location.href = link.href; // it was not refused by the reader
    });
  });
}

// A key behind the # goes from the address into the form that opens its calendar; it is
// sent only by who presses the button there.
const keyField = document.getElementById("key");
function takeKey() {
  if (!keyField || !/^#[\w-]{32}$/.test(location.hash)) return;
  keyField.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  keyField.closest("details")?.setAttribute("open", "");
  keyField.form.querySelector("button").focus();
}
takeKey();
addEventListener("hashchange", takeKey);

// What was opened is kept on this device, for when there is no network.
const isCopy = document.documentElement.dataset.kept !== undefined;
if (isCopy) import("./copies.js");
const keeper = document.querySelector("[data-keeper]")?.dataset.keeper; // none where pages are files
const workers = navigator.serviceWorker; // none without https
if (keeper && workers) {
  addEventListener("load", async () => {
    // A page that came before the worker was there is not among what it has seen.
    const isSeen = performance.getEntriesByType("navigation")[0]?.workerStart > 0;
    const unseen = isSeen ? [] : [location.href, document.querySelector("header .home").href];
    const whole = document.querySelector("[data-whole]")?.dataset.whole;
    const keep = whole ? [...unseen, new URL(whole, location.href).href] : unseen;
    try {
      await workers.register(keeper);
      const { active } = await workers.ready;
      if (!isCopy) active.postMessage({ keep });
    } catch {
      // Where nothing may be kept, pages need the network.
    }
  });
}
