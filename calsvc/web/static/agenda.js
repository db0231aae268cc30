// What makes an agenda quicker to use.  The page does all of it without this script too.

import { keepPresent } from "./present.js";

keepPresent(document);

// A copy of all days stands for each of them, and for searches.
if (document.documentElement.dataset.kept !== undefined) import("./copies.js").then(({ narrow }) => narrow(bare));

// A key that begins a search, where nothing is being written.
const search = document.getElementById("q");
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!search || event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// What is left empty does not get into the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});

const isBare = location.href.split("#")[0].endsWith("?");
if (isBare) history.replaceState(history.state, "", location.pathname + location.hash);

// An address from before days had pages of their own leads to the page of all of them.
function lead() {
  const whole = document.querySelector("a[data-whole]");
  if (!/^#(s|day)-/.test(location.hash) || !whole || whole.hasAttribute("aria-current")) return;
  if (document.getElementById(decodeURIComponent(location.hash.slice(1)))) return;
  location.replace(whole.href + location.hash);
}
lead();
addEventListener("hashchange", lead);

// A long list of boxes is narrowed by what is typed above it.
for (const field of document.querySelectorAll(".narrow input")) {
  field.closest(".narrow").hidden = false;
  field.addEventListener("input", () => {
    const words = bare(field.value).split(" ");
    for (const label of field.closest("details").querySelectorAll(":scope > label")) {
      label.hidden = !words.every((word) => bare(label.textContent).includes(word));
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it is no search of sessions
  });
}

function bare(words) {
  return words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

// The button of the filters says what it leads to; the page there is in the cache by then.
const filters = document.querySelector("form.filters:has(.apply)");
let asked = null;
filters?.addEventListener("change", async () => {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(filters.action);
  address.search = new URLSearchParams(new FormData(filters));
  const button = filters.querySelector(".apply button");
  try {
    const answer = await fetch(address, { signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = page.querySelector(".apply button");
    if (there) button.textContent = there.textContent;
  } catch {
    // The button shows what there is, whatever stands on it.
  }
});
