// What the commands show in one container.
import { h } from './dom.js';
import { say, sayFix, sayReason, sayValue } from './speech.js';

const signs = { Right: '✓', Differs: '≠', SameAsNode: '=' };
const kinds = { init: 'kindInit', sidecar: 'kindSidecar', ephemeral: 'kindEphemeral' };

/** Reasons that say no more than the status does. */
const plain = new Set(['ShowsLimit']);

/** Which containers were opened and folded, by their keys, so that a new answer leaves them so. */
const opened = new Map();

export function container(item, key, isOpen) {
  const toggle = ({ currentTarget }) => opened.set(key, !currentTarget.parentElement.open);
  return h('details', { class: 'container', open: opened.get(key) ?? isOpen },
    h('summary', { click: toggle },
      h('span', { class: 'name' }, h('span', { class: 'hidden' }, say('container'), ' '), h('code', {}, item.name)),
      kinds[item.kind] ? h('span', { class: 'kind' }, say(kinds[item.kind])) : null,
      h('span', { class: 'tallies' }, tallies(item.rows))),
    table(item));
}

function tallies(rows) {
  return Object.keys(signs).map(status => {
    const n = rows.filter(row => row.status === status).length;
    return n === 0 ? null : h('span', { class: `tally ${status}` }, h('span', { 'aria-hidden': 'true' }, signs[status], ' '), say(`tally${status}`, { n }));
  });
}

// Roles are written out: on a narrow screen the rows are laid as cards, and a browser then forgets that they are a table.
function table(item) {
  const heads = ['command', 'onNode', 'inContainer', 'limit', 'meaning'];
  return h('table', { role: 'table' },
    h('caption', { class: 'hidden' }, say('caption', { name: item.name })),
    h('thead', { role: 'rowgroup' },
      h('tr', { role: 'row' }, heads.map(head => h('th', { role: 'columnheader', scope: 'col' }, say(head))))),
    h('tbody', { role: 'rowgroup' }, item.rows.map(row)));
}

function row(item) {
  const cell = (head, value, code, own = '') => h('td', { role: 'cell', class: `value ${own}`, 'data-head': say(head) }, value ? sayValue(value, code) : '–');
  const fix = sayFix(item);
  return h('tr', { role: 'row', class: item.status },
    h('th', { role: 'rowheader', scope: 'row' }, command(item.command)),
    cell('onNode', item.node, item.nodeCode),
    cell('inContainer', item.container, item.containerCode, 'own'),
    cell('limit', item.limit),
    h('td', { role: 'cell', class: 'meaning' },
      h('p', {},
        h('b', { class: 'status' }, h('span', { class: 'sign', 'aria-hidden': 'true' }, signs[item.status]), ' ', say(`status${item.status}`)),
        plain.has(item.reason) ? null : [say('because'), sayReason(item)]),
      fix ? h('p', { class: 'fix' }, h('b', {}, say('fix')), say('because'), fix) : null));
}

/** Some name a program before what it is asked. */
function command(text) {
  const [program, asked] = text.split(/: (.*)/s);
  return asked ? [h('span', { class: 'program' }, program, h('span', { class: 'hidden' }, ': ')), h('code', {}, asked)] : [h('code', {}, text)];
}
