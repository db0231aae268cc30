// The switch that leaves a reader's own sessions of an agenda, and of its other days, too, as
// long as the tab is open.  Agendas wait for this file, so that none is seen whole before.

// Without this script the link leads to My calendar.
{
  const KEPT = "calsvc:only-mine"; // the event that it is on for
  const only = document.querySelector("[data-only-mine]");
  const event = only.dataset.onlyMine;
  only.setAttribute("role", "button");
  show(kept() === event);
  only.addEventListener("click", (pressed) => {
    pressed.preventDefault();
    const isOn = only.getAttribute("aria-pressed") !== "true";
    show(isOn);
    keep(isOn ? event : "");
  });
  only.addEventListener("keydown", (pressed) => {
    if (pressed.key !== " ") return;
    pressed.preventDefault();
    only.click();
  });

  function show(isOn) {
    only.setAttribute("aria-pressed", String(isOn));
    document.body.classList.toggle("only-mine", isOn);
  }

  function kept() {
    try {
      return sessionStorage.getItem(KEPT);
    } catch {
      return null; // where storage is off, it lasts as long as the page
    }
  }

  function keep(value) {
    try {
      sessionStorage.setItem(KEPT, value);
    } catch {
      // As above.
    }
  }
}
