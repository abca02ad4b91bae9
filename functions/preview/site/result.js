// The verdict of each document, and what is said of its lines.
import { h } from './dom.js';
import { goTo } from './editor.js';
import { language, say, sayVerdict, translate } from './speech.js';
import { container } from './table.js';

const outcomes = { Patched: '✓', Skipped: '–', Denied: '✕', NoPod: '○' };

export function place(line) {
  if (!line) return null;
  return h('button', { type: 'button', class: 'place', 'aria-label': say('goToLine', { n: line }), click: () => goTo(line) }, say('line', { n: line }));
}

/** Chinese first where there is some; what the API server says stays, since users search for it. */
function message(said) {
  const translated = translate(said);
  const own = h('span', translated || language() !== 'en' ? { lang: 'en', class: translated ? 'original' : null } : {}, said.message);
  return translated ? [h('span', {}, translated), own] : [own];
}

function list(title, kind, items, heading = 'h4') {
  if (items.length === 0) return null;
  return h('section', { class: `said ${kind}` },
    h(heading, {}, h('span', { 'aria-hidden': 'true' }, kind === 'bad' ? '✕ ' : '! '), title),
    h('ul', {}, items.map(item => h('li', {},
      place(item.line),
      item.field ? h('code', {}, item.field) : null,
      h('p', {}, message(item))))));
}

export function documentOf(item, index) {
  const id = `document-${index}`;
  const first = item.containers.find(each => each.kind === 'container') ?? item.containers[0];
  return h('article', { class: `document ${item.outcome}`, 'aria-labelledby': id },
    h('header', {},
      h('h3', { id },
        h('span', { class: 'what' }, item.kind || '?'), ' ',
        h('code', {}, item.name || say('unnamed')),
        item.template ? h('span', { class: 'soft' }, ' ', item.template) : null,
        item.namespace ? h('span', { class: 'soft' }, ' ', say('inNamespace', { namespace: item.namespace })) : null),
      place(item.line)),
    h('p', { class: 'verdict' }, h('span', { class: 'sign', 'aria-hidden': 'true' }, outcomes[item.outcome]), ' ', sayVerdict(item)),
    list(say('problems'), 'bad', item.problems),
    list(say('warnings'), 'mind', item.warnings),
    item.containers.map(each => container(each, `${item.kind}/${item.name}/${each.name}`, each === first)));
}

export const errors = items => list(say('errors'), 'bad', items, 'h3');

export function summary(answer) {
  const count = (key, n) => n > 0 ? [say(key, { n })] : [];
  const of = outcome => answer.documents.filter(item => item.outcome === outcome).length;
  const parts = [
    ...count('countErrors', answer.errors.length),
    ...Object.keys(outcomes).flatMap(outcome => count(`count${outcome}`, of(outcome))),
    ...count('countWarnings', answer.documents.flatMap(item => item.warnings).length),
  ];
  return parts.length > 0 ? parts.join(' · ') : say('nothing');
}

/** The worst that is said of each line. */
export function marks(answer) {
  const found = new Map();
  const set = (line, kind) => { if (line && found.get(line) !== 'bad') found.set(line, kind); };
  for (const item of answer.errors) set(item.line, 'bad');
  for (const item of answer.documents) {
    for (const problem of item.problems) set(problem.line, 'bad');
    for (const warning of item.warnings) set(warning.line, 'mind');
  }
  return found;
}
