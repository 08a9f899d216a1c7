// What htmx does not do: says whether the page is live, and what has changed, once each time.
"use strict";
const link = document.getElementById("link");
const said = document.getElementById("said");

function linked(state, words) {
  if (!link || link.dataset.state === state) return;
  link.dataset.state = state;
  document.getElementById("link-words").textContent = words;
}

function summary() {
  const words = document.querySelector("[data-summary]")?.dataset.summary;
  if (words && said.textContent !== words) said.textContent = words;
}

document.body.addEventListener("htmx:sseOpen", () => linked("live", "live"));
document.body.addEventListener("htmx:sseError", () => linked("lost", "no connection: what stands here may be old"));
document.body.addEventListener("htmx:sendError", () => linked("lost", "no connection: what stands here may be old"));
document.body.addEventListener("htmx:responseError", () => linked("lost", "no answer: what stands here may be old"));
document.body.addEventListener("htmx:afterSettle", () => { linked("live", "live"); summary(); });
summary();
