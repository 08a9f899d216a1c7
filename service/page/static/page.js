// What htmx does not do: says whether the page is live, and what has changed, once each time; and
// keeps the focus where it is when the board is replaced.
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

// What leads to the same place or asks for the same is the same; htmx itself knows ids only.
function same(element) {
  return element.getAttribute("href") ?? (element.form ? String(new URLSearchParams(new FormData(element.form))) : "");
}

function focusable() {
  return [...(document.getElementById("board")?.querySelectorAll("a[href], button, input, select") ?? [])];
}

let held = null;

function hold() {
  const all = focusable(), place = all.indexOf(document.activeElement);
  if (place < 0) return;
  const key = same(all[place]);
  held = { key, place, nth: all.slice(0, place).filter((one) => same(one) === key).length };
}

// Where it is gone, what has come into its place is nearest to where the person was.
function restore() {
  if (!held) return;
  const all = focusable(), { key, place, nth } = held;
  held = null;
  const found = all.filter((one) => same(one) === key)[nth] ?? all[Math.min(place, all.length - 1)];
  found?.focus({ preventScroll: true });
}

// A filter that got no answer is asked for again once the page is reached; until then the list says so.
let unanswered = false;

function filterLost(event) {
  if (event.detail.elt.id !== "filter") return;
  unanswered = true;
  document.getElementById("shown").textContent = "No connection: this list is that of the filter before.";
}

function filterAgain() {
  if (!unanswered) return;
  unanswered = false;
  htmx.trigger("#filter", "submit");
}

document.body.addEventListener("htmx:beforeSwap", hold);
document.body.addEventListener("htmx:sendError", filterLost);
document.body.addEventListener("htmx:sseOpen", filterAgain);
document.body.addEventListener("htmx:afterSettle", filterAgain);
document.body.addEventListener("htmx:sseOpen", () => linked("live", "page up to date"));
document.body.addEventListener("htmx:sseError", () => linked("lost", "no connection: what stands here may be old"));
document.body.addEventListener("htmx:sendError", () => linked("lost", "no connection: what stands here may be old"));
document.body.addEventListener("htmx:responseError", () => linked("lost", "no answer: what stands here may be old"));
document.body.addEventListener("htmx:afterSettle", () => { linked("live", "page up to date"); summary(); restore(); });
// A page that shows what is past follows nothing.
if (link) link.hidden = !document.querySelector("[sse-connect]");
summary();
