// What figures and replies are called on the page.

const SHOWN = ["symbol", "side", "orderType", "qty", "price", "triggerPrice", "orderLinkId", "orderId"];

/** Whether a text is a number other than zero. */
export const isSome = (text) => text !== "" && Number(text) !== 0;

/** A figure, rounded to the cent; the exact one is its title. */
export function money(text) {
  const figure = Number(text || 0);
  return figure.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A time of the simulator's clock, in UTC. */
export const when = (ms) => new Date(ms).toISOString().slice(11, 23);

/** The same with its day. */
export const moment = (ms) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** The main parameters of a request, in one line. */
export function asked(params) {
  const items = Array.isArray(params.request) ? params.request : [params];
  const each = items.map((one) => SHOWN.filter((name) => one[name] !== undefined).map((name) => one[name]).join(" "));
  return items.length > 1 ? `${items.length}: ${each.join(" · ")}` : each.join("");
}

/** What the exchange decided. */
export function decided(request) {
  if (request.ret_code === null) return request.fault === "late_effect" ? "gets it later" : "never got it";
  return request.ret_code === 0 ? "did it: retCode 0" : `refused it: retCode ${request.ret_code}`;
}

/** What the client got to see. */
export function seen({ status, delivery, delay_ms: delay, body }) {
  if (delivery === "drop") return "no reply: the connection was dropped";
  if (delivery === "truncate") return "half the reply, then the end of the connection";
  const late = delivery === "delay" ? `, after ${delay} ms` : "";
  const [code, text] = parsed(body);
  return code === undefined ? `HTTP ${status}${late}` : `HTTP ${status}, retCode ${code} ${text}${late}`;
}

/** The outcome in few words, and how good it is. */
export function outcome(request) {
  const { delivery, status, body, delay_ms: delay } = request.reply;
  if (delivery === "drop") return [request.ret_code === null ? "request lost" : "reply lost", "bad"];
  if (delivery === "truncate") return ["reply cut in half", "bad"];
  if (delivery === "delay") return [`${delay} ms late`, "odd"];
  const code = parsed(body)[0];
  if (status === 200 && code === 0) return request.fault ? [request.fault.replaceAll("_", " "), "odd"] : ["OK", "good"];
  return [status === 200 && code !== undefined ? `retCode ${code}` : `HTTP ${status}`, request.fault ? "bad" : "odd"];
}

/** A body as a person reads it: JSON is indented, everything else stays as it is. */
export function readable({ body, cut }) {
  if (cut) return `${body}\n… and ${cut} characters more`;
  try {
    return JSON.stringify(JSON.parse(body), null, 1);
  } catch {
    return body;
  }
}

/** The code and text of an envelope, if the body starts as one; lists may be cut off. */
function parsed(body) {
  const found = /^\s*\{"retCode":\s*(-?\d+),\s*"retMsg":\s*"((?:[^"\\]|\\.)*)"/.exec(body);
  return found ? [Number(found[1]), found[2]] : [];
}
