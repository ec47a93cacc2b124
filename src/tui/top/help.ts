import { type Line, span } from '../line.js';
import { keys } from './keys.js';

const about =
  "Shares are of the last 5 seconds, or of the threads' time together when that is more. Times are since the start or reset. " +
  'Self is time in the function itself, total includes what it calls.';

/** What the keys do and what the numbers are. */
export function helpLines(columns: number): Line[] {
  const widest = Math.max(...keys.map(({ shown }) => shown.length));
  const lines = keys
    .filter(({ shown }, index) => shown !== keys[index - 1]?.shown)
    .map(({ shown, help }) => [span(`  ${shown.padEnd(widest)}`, 'bold'), span(`  ${help}`)]);
  return [...lines, [], ...wrap(about, columns - 4).map((text) => [span(`  ${text}`, 'dim')])];
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
