// The page: what is put in goes to the program, and what the program answers is shown.
import { ask, forget } from './ask.js';
import { offer, show } from './changes.js';
import { find, h } from './dom.js';
import { mark, number, watch } from './editor.js';
import { examples } from './examples.js';
import { fits, refuse, watchFiles, watchPaste } from './intake.js';
import { recall, remember } from './memory.js';
import { node, watchNode } from './node.js';
import { locate } from './places.js';
import { documentOf, errors, marks, summary } from './result.js';
import { say, speak, switchLanguage } from './speech.js';

const SLOW = 400;
const manifest = find('manifest');
const empty = find('documents').firstElementChild;
let result = null;
let slow = 0;

function change(patience) {
  clearTimeout(slow);
  find('result').setAttribute('aria-busy', 'false');
  number();
  find('kept').textContent = '';
  const shape = node();
  if (manifest.value.trim() === '') {
    forget();
    result = null;
    draw();
  } else if (shape && fits(new Blob([manifest.value]).size)) {
    const asked = manifest.value;
    find('result').setAttribute('aria-busy', 'true');
    slow = setTimeout(() => { find('summary').textContent = say('checking'); }, SLOW);
    ask(asked, shape, answered => {
      clearTimeout(slow);
      find('result').setAttribute('aria-busy', 'false');
      result = { ...answered, asked };
      for (const item of answered.answer?.documents ?? []) item.warnings = locate(item, asked);
      draw();
    }, patience);
  } else {
    forget();
  }
}

function draw() {
  const answer = result?.answer;
  find('result').dataset.state = !result ? 'empty' : answer ? 'answered' : 'failed';
  find('summary').textContent = !result ? say('nothing') : answer ? summary(answer) : failure();
  const parts = answer ? [errors(answer.errors), ...answer.documents.map(documentOf)].filter(Boolean) : result ? [] : [empty];
  find('documents').replaceChildren(...parts);
  mark(answer ? marks(answer) : new Map());
  show(result?.asked ?? '', answer && answer.errors.length === 0 ? answer.output : '');
}

const failure = () => result.status ? say('refused', { status: result.status, text: result.text.trim() }) : say('unreachable');

function take(text) {
  refuse();
  manifest.value = text;
  manifest.scrollTop = 0;
  change(0);
}

function speakAgain() {
  speak(document.documentElement);
  const button = find('language');
  button.textContent = say('language');
  button.lang = document.documentElement.lang === 'en' ? 'zh-Hans' : 'en';
  refuse();
  node();
  draw();
}

function paint() {
  const theme = find('theme').value;
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

find('examples').append(...Object.entries(examples).map(([word, text]) =>
  h('button', { type: 'button', 'data-word': word, click: () => take(text) })));
find('language').addEventListener('click', () => { switchLanguage(); speakAgain(); });
find('theme').value = recall('theme', ['light', 'dark']) ?? 'system';
find('theme').addEventListener('change', () => { remember('theme', find('theme').value); paint(); });
find('clear').addEventListener('click', () => { take(''); manifest.focus(); });
watch(() => { refuse(); change(); });
watchPaste(manifest);
watchFiles(take);
watchNode(change);
offer();
paint();
speakAgain();
// Something may have been pasted before this ran.
change(0);
document.documentElement.dataset.ready = '';
