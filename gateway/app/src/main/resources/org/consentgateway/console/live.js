"use strict";
// Keeps the part of a page that changes up to date (server-sent events), lets people stop that, and says whether it does.
(() => {
  // The server says something each two seconds, if only that it is there.
  const LONGEST_SILENCE = 10_000;
  const region = document.querySelector("[data-live]");
  const button = document.querySelector("[data-live-switch]");
  const state = document.querySelector("[data-live-state]");
  if (!region || !button || !state || !window.EventSource) {
    return;
  }
  let source = null;
  let silence = 0;
  // What came while somebody was reading or typing there; it is sent once only.
  let waiting = null;
  const tell = (key) => {
    if (state.textContent !== state.dataset[key]) {
      state.textContent = state.dataset[key];
    }
    button.textContent = button.dataset[source ? "on" : "off"];
    button.hidden = false;
  };
  // Whoever reads or types there is not interrupted.
  const busy = () => region.contains(document.activeElement) || region.querySelector("form details[open], details[open] form");
  const show = () => {
    if (waiting === null || busy()) {
      return;
    }
    const open = [...region.querySelectorAll("details[open]")].map((each) => each.id);
    const next = new DOMParser().parseFromString(waiting, "text/html");
    waiting = null;
    region.replaceChildren(...next.body.childNodes);
    open.map((id) => document.getElementById(id)).filter(Boolean).forEach((each) => { each.open = true; });
  };
  const said = () => tell(waiting === null ? "on" : "waits");
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(() => tell("lost"), LONGEST_SILENCE);
  };
  const heard = () => {
    listen();
    said();
  };
  // Once the focus is where it goes, and without taking a "lost" back.
  const left = () => setTimeout(() => {
    show();
    if (state.textContent === state.dataset.waits) {
      said();
    }
  });
  const stop = (key) => {
    source?.close();
    source = null;
    waiting = null;
    clearTimeout(silence);
    tell(key);
  };
  const start = () => {
    source = new EventSource(region.dataset.live);
    source.addEventListener("region", (event) => {
      waiting = event.data;
      show();
      heard();
    });
    source.addEventListener("alive", heard);
    source.addEventListener("over", () => location.reload());
    source.addEventListener("enough", () => stop("off"));
    // The browser tries again by itself, unless it has been refused: what is there is old until something comes.
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) {
        stop("lost");
      } else if (source) {
        tell("lost");
      }
    });
    listen();
    said();
  };
  region.addEventListener("focusout", left);
  region.addEventListener("toggle", left, true);
  // Whoever sends a form leaves the page: the end of a session must not reload it meanwhile.
  document.addEventListener("submit", () => stop("off"));
  button.addEventListener("click", () => (source ? stop("off") : start()));
  start();
})();
