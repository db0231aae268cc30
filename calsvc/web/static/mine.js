// The switch that leaves a reader's own sessions of an agenda.

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
