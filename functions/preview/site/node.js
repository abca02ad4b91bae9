// The node that the commands are compared with.
import { find } from './dom.js';
import { recall, remember } from './memory.js';
import { say } from './speech.js';

const isCpus = text => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= 4096;
const isMemory = text => /^[1-9]\d{0,14}([KMGTP]i|[kMGTP])?$/.test(text);
const fields = [
  { id: 'cpus', fallback: '128', good: isCpus, refusal: 'badCpus' },
  { id: 'memory', fallback: '512Gi', good: isMemory, refusal: 'badMemory' },
];

/** What is asked for; null while it can't be used. */
export function node() {
  const bad = fields.filter(field => !field.good(find(field.id).value.trim()));
  for (const field of fields) {
    if (bad.includes(field)) find(field.id).setAttribute('aria-invalid', 'true');
    else find(field.id).removeAttribute('aria-invalid');
  }
  find('node-refusal').textContent = bad.map(field => say(field.refusal)).join(' ');
  return bad.length > 0 ? null : { ...Object.fromEntries(fields.map(({ id }) => [id, find(id).value.trim()])), enforced: find('enforced').checked };
}

export function watchNode(changed) {
  find('enforced').addEventListener('change', changed);
  for (const { id, fallback, good } of fields) {
    const kept = recall(id);
    find(id).value = kept && good(kept) ? kept : fallback;
    find(id).addEventListener('input', () => {
      if (good(find(id).value.trim())) remember(id, find(id).value.trim());
      changed();
    });
  }
}
