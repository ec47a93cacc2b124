import { InvalidArgumentError } from 'commander';
import { highestRate } from '../session/options.js';

/** What the options of commands take, checked; each throws commander's InvalidArgumentError. */

export function parsePid(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('a process id is a whole number, as ps shows it.');
  return Number(text);
}

export function parseRate(text: string): number {
  const rate = parseNumber(text);
  if (!(rate > 0 && rate <= highestRate))
    throw new InvalidArgumentError('samples a second, above 0 and up to 1000000.');
  return rate;
}

/** Seconds; py-spy's `unlimited` is Infinity. */
export function parseDuration(text: string): number {
  if (text === 'unlimited') return Number.POSITIVE_INFINITY;
  const seconds = parseNumber(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('seconds above 0, such as 10 or 0.5.');
  return seconds;
}

function parseNumber(text: string): number {
  return /^(?:\d+\.?\d*|\.\d+)(?:e\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}
