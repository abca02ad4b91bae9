// Which lines were added and removed, by Myers, "An O(ND) Difference Algorithm" (Algorithmica, 1986).
const MOST_EDITS = 1000;

/** A list of { sign: ' ' | '+' | '-', text, before, after }; the numbers of lines count from 1. */
export function compare(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a[start] === b[start]) start++;
  let end = 0;
  while (end < shortest - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const signs = [
    ...Array(start).fill(' '),
    ...edits(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...Array(end).fill(' '),
  ];
  let [i, j] = [0, 0];
  return signs.map(sign => {
    const line = { sign, text: sign === '+' ? b[j] : a[i], before: null, after: null };
    if (sign !== '+') line.before = ++i;
    if (sign !== '-') line.after = ++j;
    return line;
  });
}

function edits(a, b) {
  let furthest = new Map([[1, 0]]);
  const trace = [];
  for (let d = 0; d <= Math.min(a.length + b.length, MOST_EDITS); d++) {
    trace.push(furthest);
    furthest = new Map(furthest);
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(furthest, k, d) ? furthest.get(k + 1) : furthest.get(k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return additions(a, b) ?? [...a.map(() => '-'), ...b.map(() => '+')];
}

/** For many edits: one pass that finds the old lines among the new, in their order; null where one of them is gone. */
function additions(a, b) {
  let i = 0;
  const signs = b.map(line => i < a.length && line === a[i] ? (i++, ' ') : '+');
  return i === a.length ? signs : null;
}

const goesDown = (furthest, k, d) => k === -d || (k !== d && furthest.get(k - 1) < furthest.get(k + 1));

function walkBack(trace, x, y) {
  const signs = [];
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d];
    const k = x - y;
    const from = goesDown(furthest, k, d) ? k + 1 : k - 1;
    const startX = furthest.get(from);
    const startY = startX - from;
    while (x > startX && y > startY && x > 0 && y > 0) {
      signs.push(' ');
      [x, y] = [x - 1, y - 1];
    }
    if (d === 0) break;
    signs.push(from === k + 1 ? '+' : '-');
    [x, y] = [startX, startY];
  }
  return signs.reverse();
}
