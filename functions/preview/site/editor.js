// The text of the manifest with its lines numbered; lines of which something is said are marked.
import { find } from './dom.js';

const MOST_NUMBERS = 20000;
const text = () => find('manifest');
let marks = new Map();
let drawn = 0;

export const lines = () => text().value.split('\n').length;

/** Marks is a map from the number of a line to 'bad' or 'mind'. */
export function mark(newMarks) {
  marks = newMarks;
  drawn = 0;
  number();
}

/** Draws as many numbers as there are lines; marked ones alone in an element of their own. */
export function number() {
  const count = Math.min(lines(), MOST_NUMBERS);
  if (count === drawn) return;
  drawn = count;
  const gutter = find('gutter');
  const parts = [];
  let plain = [];
  const flush = () => {
    if (plain.length > 0) parts.push(span(plain.join('\n')));
    plain = [];
  };
  for (let n = 1; n <= count; n++) {
    if (!marks.has(n)) {
      plain.push(n);
      continue;
    }
    flush();
    parts.push(span(`${marks.get(n) === 'bad' ? '✕' : '!'} ${n}`, marks.get(n)));
  }
  flush();
  gutter.replaceChildren(...parts);
  gutter.scrollTop = text().scrollTop;
}

function span(content, kind) {
  const element = document.createElement('span');
  element.textContent = content;
  if (kind) element.className = kind;
  return element;
}

export function goTo(line) {
  const area = text();
  const all = area.value.split('\n');
  const at = Math.min(line, all.length) - 1;
  const start = all.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + all[at].length);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (at + 1) * height - area.clientHeight / 2);
  area.scrollLeft = 0;
}

export function watch(changed) {
  text().addEventListener('input', changed);
  text().addEventListener('scroll', () => { find('gutter').scrollTop = text().scrollTop; });
}
