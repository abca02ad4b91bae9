// The language of the page: the browser's at first, then the one that was chosen.
import { fixes, messages, reasons, values, verdicts } from './reasons.js';
import { recall, remember } from './memory.js';
import { words } from './words.js';

const languages = ['en', 'zh-Hans'];
const preferred = () => (navigator.languages ?? [navigator.language]).find(tag => /^(en|zh)\b/i.test(tag)) ?? 'en';
let index = languages.indexOf(recall('language', languages) ?? (/^zh/i.test(preferred()) ? 'zh-Hans' : 'en'));

export const language = () => languages[index];

export function switchLanguage() {
  index = 1 - index;
  remember('language', language());
}

function fill(text, values) {
  const forms = text.split('|');
  const form = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export const say = (key, values = {}) => fill(words[key][index], values);

/** Of a document; what an older page does not know it shows as it came. */
export const sayVerdict = document =>
  (verdicts[`${document.outcome}.${document.reason}`] ?? verdicts[document.outcome])?.[index] ?? document.message ?? document.outcome;

/** Of a row; the text of the program where the reason is unknown here. */
export const sayReason = row => reasons[row.reason]?.[index] ?? row.reasonText;
export const sayFix = row => fixes[row.cureCode]?.[index] ?? row.cure;
export const sayValue = (text, code) => values[code]?.[index] ?? text;

/** A message in Chinese, by its code; nothing where it stands as it is. */
export function translate(message) {
  return index === 0 ? null : messages[message.code]?.replace(/\{(\d)\}/g, (_, n) => message.values[n]) ?? null;
}

/** Writes what stands in the page from the start. */
export function speak(root) {
  root.lang = language();
  root.ownerDocument.title = say('title');
  for (const element of root.querySelectorAll('[data-word]')) element.textContent = say(element.dataset.word);
  for (const element of root.querySelectorAll('[data-word-label]')) element.setAttribute('aria-label', say(element.dataset.wordLabel));
}
