import { type Line, span } from '../line.js';
import { keys } from './keys.js';

const about = [
  '%Own and %Total are of the last 5 seconds; times are since the start or reset.',
  'Own is time in the function itself, total also in what it calls.',
  'With several threads at once, shares are of their time together.',
];

export function helpLines(): Line[] {
  const widest = Math.max(...keys.map(({ shown }) => shown.length));
  return [
    ...keys.map(({ shown, help }) => [span(`  ${shown.padEnd(widest)}`, 'bold'), span(`  ${help}`)]),
    [],
    ...about.map((text) => [span(`  ${text}`, 'dim')]),
  ];
}
