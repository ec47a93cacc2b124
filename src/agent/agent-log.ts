import { visibleText } from '../analysis/visible-text.js';

export type LogLevel = 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean>>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Names of processes may be of any length. */
const longestValue = 500;

/** One JSON object a line: `time`, `level`, `message`, then what it is about. */
export function jsonLog(write: (line: string) => void, now: () => number = Date.now): Log {
  return (level, message, fields = {}) => {
    const shown = Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? visibleText(value, longestValue) : value,
    ]);
    const head = { time: new Date(now()).toISOString(), level, message: visibleText(message, longestValue) };
    write(`${JSON.stringify({ ...head, ...Object.fromEntries(shown) })}\n`);
  };
}
