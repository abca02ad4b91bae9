// Before and after as one list of lines, and what can be done with the result.
import { compare } from './diff.js';
import { find, h } from './dom.js';
import { say } from './speech.js';

const CONTEXT = 3;
const MOST_LINES = 20000;
const words = { '+': 'added', '-': 'removed' };
let showsAll = false;
let shown = { before: '', after: '' };

export function show(before, after) {
  shown = { before, after };
  find('after').hidden = !after;
  if (after) draw();
}

function draw() {
  const lines = compare(shown.before.trimEnd(), shown.after.trimEnd());
  const [added, removed] = ['+', '-'].map(sign => lines.filter(line => line.sign === sign).length);
  find('counted').textContent = added + removed === 0 ? say('noChange') : say('countLines', { added, removed });
  find('show-changes').setAttribute('aria-pressed', !showsAll);
  find('show-all').setAttribute('aria-pressed', showsAll);
  const rows = showsAll ? lines.map(row) : folded(lines);
  find('diff').hidden = !showsAll && added + removed === 0;
  find('diff').replaceChildren(...rows.slice(0, MOST_LINES));
}

/** Lines far from any change become one. */
function folded(lines) {
  const near = new Set();
  lines.forEach(({ sign }, i) => {
    if (sign !== ' ') for (let j = i - CONTEXT; j <= i + CONTEXT; j++) near.add(j);
  });
  const rows = [];
  for (let i = 0; i < lines.length; i++) {
    if (near.has(i)) {
      rows.push(row(lines[i]));
      continue;
    }
    const start = i;
    while (i + 1 < lines.length && !near.has(i + 1)) i++;
    rows.push(h('div', { class: 'fold' }, `⋯ ${say('unchanged', { n: i - start + 1 })}`));
  }
  return rows;
}

const row = ({ sign, text, before, after }) => h(sign === '+' ? 'ins' : sign === '-' ? 'del' : 'div', { class: 'line' },
  h('span', { class: 'number', 'aria-hidden': 'true' }, before ?? ''),
  h('span', { class: 'number', 'aria-hidden': 'true' }, after ?? ''),
  h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
  words[sign] ? h('span', { class: 'hidden' }, say(words[sign]), ' ') : null,
  h('span', { class: 'text' }, text || ' '));

export function offer() {
  const choose = all => () => { showsAll = all; draw(); };
  find('show-changes').addEventListener('click', choose(false));
  find('show-all').addEventListener('click', choose(true));
  find('copy').addEventListener('click', copy);
  find('download').addEventListener('click', download);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(shown.after);
    find('kept').textContent = say('copied');
  } catch {
    find('kept').textContent = say('notCopied');
  }
}

function download() {
  const name = shown.after.trimStart().startsWith('{') ? 'manifest.json' : 'manifest.yaml';
  const url = URL.createObjectURL(new Blob([shown.after], { type: 'application/yaml' }));
  h('a', { href: url, download: name }).click();
  // The browser takes the bytes after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  find('kept').textContent = say('downloaded', { name });
}
