// Shows the simulator twice a second, and passes on what a person does to it.

import { byId, offer, put, show } from "./dom.js";
import { described, fit, list as listFaults, told } from "./faults.js";
import { ask, command } from "./server.js";
import { asked, decided, isSome, moment, money, outcome, readable, seen, when } from "./words.js";

const PAUSE_MS = 500;
const KEPT = 100;
let requests = [];
let prices = {};

// -- doing ------------------------------------------------------------------------------------

async function act(said, name, values) {
  try {
    await command(name, values);
    put(byId("failed"), "");
    put(byId("said"), said);
  } catch (error) {
    put(byId("said"), "");
    put(byId("failed"), `${said}: ${error.message}`);
  }
  await refresh();
}

const move = (symbol, price, gap) => act(`${symbol} moves to ${price}`, "set_price", { symbol, price, gap });

const inject = (fault) => act(`Fault: ${told(fault)}`, "inject", fault);

/** A price moved by some percent, by at least the last of its decimals, as text. */
function nudged(price, percent) {
  const decimals = (price.split(".")[1] ?? "").length;
  const step = 10 ** -decimals;
  const by = Math.max(Math.round((Number(price) * Math.abs(percent)) / 100 / step), 1) * step;
  return (Number(price) + Math.sign(percent) * by).toFixed(decimals);
}

// -- showing ----------------------------------------------------------------------------------

function showMarket(state) {
  prices = state.prices;
  const contracts = Object.keys(prices).map((symbol) => ({ symbol, price: prices[symbol] }));
  const fill = (cells, { symbol, price }, element) => {
    put(cells.price, price);
    const apart = [["mark", state.mark_prices[symbol]], ["index", state.index_prices[symbol]]];
    put(cells.apart, apart.filter(([, at]) => at !== price).map((each) => each.join(" ")).join(" · "));
    element.querySelector("[name=price]").placeholder = price;
  };
  const made = (cells, { symbol }, element) => {
    const form = element.querySelector("form");
    put(cells.symbol, symbol);
    cells.nudges.setAttribute("aria-label", `Move ${symbol} by`);
    form.elements.price.setAttribute("aria-label", `Move ${symbol} to`);
    cells.move.setAttribute("aria-label", `Move ${symbol}`);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      move(symbol, form.elements.price.value.trim(), form.elements.gap.checked);
      form.elements.price.value = "";
    });
    cells.nudges.addEventListener("click", ({ target }) => {
      const percent = Number(target.dataset.percent);
      if (percent) move(symbol, nudged(prices[symbol], percent), form.elements.gap.checked);
    });
  };
  show(byId("market"), contracts, (each) => each.symbol, "contract", fill, made);
  offer(byId("symbols-of-faults"), Object.keys(prices));
}

function signed(element, text) {
  put(element, money(text));
  element.title = text || "0";
  element.dataset.sign = Math.sign(Number(text || 0));
}

function showAccounts(accounts) {
  const rows = Object.entries(accounts).map(([uid, { balance }]) => ({ uid, balance }));
  show(byId("accounts"), rows, (row) => row.uid, "account", (cells, { uid, balance }) => {
    put(cells.uid, uid);
    const figures = { equity: "totalEquity", balance: "totalWalletBalance", available: "totalAvailableBalance" };
    for (const [cell, field] of Object.entries(figures)) {
      put(cells[cell], money(balance[field]));
      cells[cell].title = balance[field];
    }
    signed(cells.unrealised, balance.totalPerpUPL);
  });
  offer(byId("accounts-of-faults"), Object.keys(accounts));
}

function side(element, word) {
  put(element, word);
  element.dataset.side = word;
}

function showPositions(accounts) {
  const rows = Object.entries(accounts).flatMap(([uid, { positions }]) => positions.map((row) => ({ uid, ...row })));
  const key = (row) => `${row.uid} ${row.symbol} ${row.positionIdx}`;
  show(byId("positions"), rows, key, "position", (cells, row) => {
    put(cells.uid, row.uid);
    put(cells.symbol, row.symbol);
    side(cells.side, row.side);
    put(cells.size, row.size);
    put(cells.entry, row.avgPrice);
    put(cells.mark, row.markPrice);
    signed(cells.unrealised, row.unrealisedPnl);
    const stops = [["take-profit", row.takeProfit], ["stop-loss", row.stopLoss], ["trailing by", row.trailingStop]];
    put(cells.stops, stops.filter(([, at]) => isSome(at)).map((each) => each.join(" ")).join(", "));
  });
}

function isWaiting(order) {
  return isSome(order.triggerPrice) && order.orderStatus === "Untriggered";
}

function showOrders(accounts) {
  const rows = Object.entries(accounts).flatMap(([uid, { orders }]) => orders.map((row) => ({ uid, ...row })));
  const at = (row) => Number(isWaiting(row) ? row.triggerPrice : row.price);
  rows.sort((a, b) => a.uid.localeCompare(b.uid) || a.symbol.localeCompare(b.symbol) || at(b) - at(a));
  const fill = (cells, row) => {
    const kind = ["", "UNKNOWN"].includes(row.stopOrderType) ? "" : row.stopOrderType;
    put(cells.uid, row.uid);
    put(cells.symbol, row.symbol);
    side(cells.side, row.side);
    const reducing = row.reduceOnly ? "reduce-only" : "";
    put(cells.what, [row.orderType, kind, reducing, row.orderStatus === "New" ? "" : row.orderStatus].filter(Boolean).join(", "));
    const by = { MarkPrice: " by mark", IndexPrice: " by index" }[row.triggerBy] ?? "";
    const fires = `at ${row.triggerPrice}${by}`;
    put(cells.price, isWaiting(row) ? [fires, isSome(row.price) ? `then ${row.price}` : ""].filter(Boolean).join(", ") : row.price);
    put(cells.quantity, isSome(row.cumExecQty) ? `${row.leavesQty} of ${row.qty}` : row.qty);
    put(cells.link, row.orderLinkId);
    cells.link.title = `orderId ${row.orderId}`;
    cells.part.placeholder = row.leavesQty;
    cells.part.hidden = cells.fill.hidden = isWaiting(row);
    const name = `${row.side} ${row.leavesQty} ${row.symbol} ${row.orderLinkId || row.orderId} of account ${row.uid}`;
    cells.part.setAttribute("aria-label", `How much to fill: ${name}`);
    cells.fill.setAttribute("aria-label", `Fill ${name}`);
    cells.cancel.setAttribute("aria-label", `Cancel ${name}`);
  };
  const made = (cells, { uid, orderId }, element) => {
    const what = () => `${element.item.side} ${element.item.symbol} ${element.item.orderLinkId || orderId}`;
    element.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const quantity = cells.part.value.trim() || null;
      cells.part.value = "";
      act(`${what()} fills${quantity ? ` by ${quantity}` : ""}`, "fill", { uid, order_id: orderId, quantity });
    });
    cells.cancel.addEventListener("click", () => {
      act(`${what()} is cancelled`, "cancel_by_hand", { uid, order_id: orderId });
    });
  };
  show(byId("orders"), rows, (row) => `${row.uid} ${row.orderId}`, "order", fill, made);
}

function showStreams(streams) {
  show(byId("streams"), streams, (stream) => stream.conn_id, "stream", (cells, stream, element) => {
    const account = stream.uid ? `Account ${stream.uid}` : "No account yet";
    put(cells.owner, stream.is_public ? "Public" : account);
    put(cells.id, stream.conn_id);
    put(cells.topics, stream.topics.join(", ") || "no topic");
    put(cells.sent, `${stream.sent} sent${stream.half_open ? ", half-open" : ""}`);
    element.classList.toggle("bad", stream.half_open);
  });
}

function showRequests() {
  const wanted = byId("writes-only").checked ? requests.filter((each) => each.method === "POST") : requests;
  const made = (cells, request) => {
    put(cells.when, when(request.at_ms));
    put(cells.who, request.uid || "public");
    put(cells.path, `${request.method} ${request.path}`);
    put(cells.asked, asked(request.params));
    const [word, quality] = outcome(request);
    put(cells.outcome, word);
    cells.outcome.dataset.quality = quality;
    put(cells.decided, decided(request));
    put(cells.seen, seen(request.reply));
    put(cells.params, JSON.stringify(request.params, null, 1));
    put(cells.body, readable(request.reply));
    for (const [name, label] of [["params", "What it asked"], ["body", "The reply"]]) {
      cells[name].setAttribute("role", "region");
      cells[name].setAttribute("aria-label", `${label}, request ${request.seq}`);
    }
  };
  show(byId("requests"), wanted, (request) => request.seq, "request", () => {}, made);
}

function link(state, text) {
  byId("link").dataset.state = state;
  put(byId("link"), text);
}

// -- following --------------------------------------------------------------------------------

const newest = () => requests[0]?.seq ?? 0;

/** One look at a time: a later one waits, so that the page never goes back. */
let looking = Promise.resolve();
function refresh() {
  looking = looking.then(look);
  return looking;
}

async function look() {
  try {
    let all = await ask(`overview?after=${newest()}`);
    if (all.last_seq < newest()) { // another simulator has taken its place
      requests = [];
      all = await ask("overview");
    }
    requests = [...all.answered.reverse(), ...requests].slice(0, KEPT);
    put(byId("clock"), moment(all.state.now_ms));
    showMarket(all.state);
    showAccounts(all.state.accounts);
    showPositions(all.state.accounts);
    showOrders(all.state.accounts);
    showStreams(all.streams);
    listFaults(all.faults);
    showRequests();
    link("live", "live");
  } catch (error) {
    link("lost", "no answer, trying again");
    console.error(error);
  }
}

async function follow() {
  if (!document.hidden) await refresh();
  setTimeout(follow, PAUSE_MS);
}

put(byId("address"), location.origin);
byId("writes-only").addEventListener("change", showRequests);
byId("inject").addEventListener("change", fit);
byId("inject").addEventListener("submit", (event) => {
  event.preventDefault();
  inject(described());
});
byId("clear").addEventListener("click", () => act("All faults are cleared", "clear_faults", {}));
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () => inject(JSON.parse(button.dataset.fault)));
}
document.addEventListener("visibilitychange", () => document.hidden || refresh());
fit();
follow();
