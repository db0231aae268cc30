// What makes pages quicker to use.  They do all of it without this script too.

// A star works in place, where its form would load the page again.
let saving = Promise.resolve(); // one after the other: two quick stars make one calendar
const waiting = new Set(); // stars; a second click on one of them does nothing
let sent = null; // the star whose form is sent as without this script

document.addEventListener("submit", (event) => {
  const star = event.submitter;
  if (!star?.matches(".star") || star === sent) return;
  event.preventDefault();
  if (waiting.has(star)) return;
  waiting.add(star);
  saving = saving.then(() => save(star)).finally(() => waiting.delete(star));
});

async function save(star) {
  const { form } = star;
  const isOn = star.getAttribute("aria-pressed") === "true";
  try {
    const answer = await fetch(star.getAttribute("formaction") ?? form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, star)),
      redirect: "manual", // a redirection means that it is done
    });
    if (answer.type !== "opaqueredirect") throw new Error(answer.status);
  } catch {
    sent = star;
    form.requestSubmit(star); // the page that follows says what is wrong
    sent = null;
    return;
  }
  star.setAttribute("aria-pressed", String(!isOn));
  if (isOn) star.removeAttribute("formaction");
  else star.setAttribute("formaction", form.getAttribute("action").replace(/add(?=\?|$)/, "remove"));
}

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

// The reader's own zone, which only the browser knows, as an address.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const link of document.querySelectorAll("[data-zone]")) {
  const address = new URL(location.href);
  if (zone && zone !== link.dataset.zone) {
    address.searchParams.set("tz", zone);
    link.href = address.search;
  }
}

const zones = document.getElementById("zones");
zones?.append(...Intl.supportedValuesOf("timeZone").map((name) => new Option(name)));

// What is on now changes while the page is open.
const agenda = document.querySelector("[data-now]");
if (agenda) {
  setInterval(() => {
    for (const article of agenda.querySelectorAll("article:not(.cancelled)")) {
      const [start, end] = [...article.querySelectorAll("time")].map((time) => Date.parse(time.dateTime));
      const isOn = start <= Date.now() && Date.now() < end;
      if (isOn === article.classList.toggle("now", isOn) && !!article.querySelector(".on") === isOn) continue;
      article.querySelector(".on")?.remove();
      if (isOn) {
        const mark = document.createElement("strong");
        mark.className = "mark on";
        mark.textContent = agenda.dataset.now;
        article.querySelector("p").append(" ", mark);
      }
    }
  }, 60_000);
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
