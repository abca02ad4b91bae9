// How a manifest comes in: typed, pasted, dropped, or from a file; what is too large stays outside.
import { find } from './dom.js';
import { say } from './speech.js';

export const LIMIT = 1 << 20;
const size = bytes => `${(bytes / LIMIT).toFixed(1)} MiB`;
const bytesOf = text => new Blob([text]).size;

export const refuse = (key, values) => { find('refusal').textContent = key ? say(key, values) : ''; };

/** Whether the text may be sent; says why where it may not. */
export function fits(bytes) {
  if (bytes <= LIMIT) return true;
  refuse('tooLarge', { size: size(bytes), limit: size(LIMIT) });
  return false;
}

/** Takes what is pasted before the editor does, which is slow with megabytes. */
export function watchPaste(area) {
  area.addEventListener('beforeinput', event => {
    const coming = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
    if (coming.length < 1000) return;
    if (fits(bytesOf(coming) + bytesOf(area.value))) refuse();
    else event.preventDefault();
  });
}

export function watchFiles(take) {
  const picker = find('file');
  picker.addEventListener('change', async () => {
    await read([...picker.files], take);
    picker.value = '';
  });
  const veil = find('drop');
  const carries = event => [...event.dataTransfer?.types ?? []].some(type => type === 'Files' || type === 'text/plain');
  addEventListener('dragover', event => {
    if (!carries(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  addEventListener('dragleave', event => { if (!event.relatedTarget) veil.hidden = true; });
  addEventListener('drop', event => {
    veil.hidden = true;
    if (!carries(event)) return;
    event.preventDefault();
    const { files } = event.dataTransfer;
    if (files.length > 0) read([...files], take);
    else give(event.dataTransfer.getData('text/plain'), take);
  });
}

function give(text, take) {
  if (!fits(bytesOf(text))) return;
  refuse();
  take(text);
}

async function read(files, take) {
  if (!fits(files.reduce((sum, file) => sum + file.size, 0))) return;
  const texts = [];
  for (const file of files) {
    try {
      texts.push(new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()).replace(/\n*$/, '\n'));
    } catch (error) {
      refuse(error instanceof TypeError ? 'notText' : 'unreadable', { name: file.name });
      return;
    }
    if (texts.at(-1).includes('\0')) {
      refuse('notText', { name: file.name });
      return;
    }
  }
  give(texts.join('---\n'), take);
}
