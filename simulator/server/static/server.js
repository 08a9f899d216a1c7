// The control paths of the simulator that served this page.

const PATIENCE_MS = 5000;

async function answerOf(path, options) {
  const reply = await fetch(`/control/${path}`, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.error);
  return answer.result;
}

/** What a query shows. */
export const ask = (query) => answerOf(query, {});

/** Runs a command; an Error says why it is refused. */
export const command = (name, values) => answerOf(name, { method: "POST", body: JSON.stringify(values) });
