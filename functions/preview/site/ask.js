// Asks the program, one question at a time: a newer one ends the older.
const PATIENCE = 250;
let current = new AbortController();
let timer = 0;

/** Ends what was asked, and what was about to be. */
export function forget() {
  clearTimeout(timer);
  current.abort();
  current = new AbortController();
}

/** Calls back with { answer }, { status, text } of a refusal, or {} where nobody answers. */
export function ask(manifest, node, answered, patience = PATIENCE) {
  forget();
  const { signal } = current;
  timer = setTimeout(async () => {
    const result = await send(manifest, node, signal);
    if (!signal.aborted) answered(result);
  }, patience);
}

async function send(manifest, node, signal) {
  try {
    const response = await fetch(`preview?${new URLSearchParams(node)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/yaml' },
      body: manifest,
      cache: 'no-store',
      signal,
    });
    return response.ok ? { answer: await response.json() } : { status: response.status, text: await response.text() };
  } catch {
    return {};
  }
}
