// The form that injects any fault the simulator has, and the list of those in force.

import { byId, put, show } from "./dom.js";

const form = byId("inject");
const SAID = { true: true, false: false, "∞": null };

function chosen() {
  const option = form.elements.kind.selectedOptions[0];
  return { kind: option.value, of: option.parentElement.dataset.of, text: option.dataset.text };
}

/** Shows the fields that the chosen kind has. */
export function fit() {
  const { kind, of, text } = chosen();
  put(byId("kind-text"), text);
  for (const label of form.querySelectorAll("label")) {
    const { kinds, of: only } = label.dataset;
    label.hidden = (kinds !== undefined && !kinds.split(" ").includes(kind)) || (only !== undefined && only !== of);
  }
}

/** The fault that the form describes; what is left empty stays as the simulator has it. */
export function described() {
  const fault = {};
  for (const field of form.elements) {
    const value = field.value.trim();
    if (!field.name || value === "" || field.closest("label").hidden) continue;
    fault[field.name] = value in SAID ? SAID[value] : value;
  }
  return fault;
}

/** A fault in one line. */
export function told(fault) {
  const { kind, left, ...where } = fault;
  return [kind.replaceAll("_", " "), conditions(where)].filter(Boolean).join(" · ");
}

const WORDS = {
  method: (value) => ({ POST: "writes", GET: "reads" })[value],
  path: (value) => value,
  uid: (value) => `account ${value}`,
  symbol: (value) => value,
  link_id: (value) => value,
  topic: (value) => `topic ${value}`,
  skip: (value) => `after ${value}`,
  delay_ms: (value) => `${value} ms`,
  times: () => null,
};

function conditions(where) {
  const told = ([name, value]) => (WORDS[name] ?? (() => `${name} ${value}`))(value);
  return Object.entries(where).map(told).filter(Boolean).join(", ");
}

/** Shows the faults in force. */
export function list(faults) {
  const named = faults.map((fault, number) => ({ ...fault, number }));
  show(byId("in-force"), named, (fault) => fault.number, "fault", (cells, { number, kind, left, ...where }) => {
    put(cells.kind, kind.replaceAll("_", " "));
    put(cells.where, conditions(where));
    put(cells.left, left === null ? "without end" : left === 1 ? "once" : `${left} times`);
  });
  byId("clear").disabled = faults.length === 0;
}
