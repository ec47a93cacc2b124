import { lineJson } from '../../analysis/plain-json.js';

/**
 * JSON on one line. A backslash that ends a text is written as a number: Perfetto (52) takes it for part of the quote
 * behind it, and opens nothing of the file.
 */
export function traceJson(value: unknown): string {
  return lineJson(value).replace(/(\\\\)(?=")|\\./g, (escaped, last?: string) =>
    last ? '\\u005c' : escaped,
  );
}
