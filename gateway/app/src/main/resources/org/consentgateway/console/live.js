"use strict";
// Keeps the part of a page that changes up to date (server-sent events), and lets people stop that.
(() => {
  const region = document.querySelector("[data-live]");
  const button = document.querySelector("[data-live-switch]");
  const state = document.querySelector("[data-live-state]");
  if (!region || !button || !state || !window.EventSource) {
    return;
  }
  let source = null;
  const tell = (key, label) => {
    state.textContent = state.dataset[key];
    button.textContent = button.dataset[label];
    button.hidden = false;
  };
  const show = (html) => {
    // Whoever reads or types there is not interrupted.
    const busy = region.contains(document.activeElement) || region.querySelector("form details[open], details[open] form");
    if (busy) {
      return;
    }
    const open = [...region.querySelectorAll("details[open]")].map((each) => each.id);
    const next = new DOMParser().parseFromString(html, "text/html");
    region.replaceChildren(...next.body.childNodes);
    open.map((id) => document.getElementById(id)).filter(Boolean).forEach((each) => { each.open = true; });
  };
  const stop = (key) => {
    source?.close();
    source = null;
    tell(key, "off");
  };
  const start = () => {
    source = new EventSource(region.dataset.live);
    source.addEventListener("region", (event) => show(event.data));
    source.addEventListener("over", () => location.reload());
    source.addEventListener("enough", () => stop("off"));
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) { stop("lost"); } });
    tell("on", "on");
  };
  // Whoever sends a form leaves the page: the end of a session must not reload it meanwhile.
  document.addEventListener("submit", () => source?.close());
  button.addEventListener("click", () => (source ? stop("off") : start()));
  start();
})();
