import { lineJson } from '../../analysis/plain-json.js';

/**
 * JSON on one line. A backslash is written as a number: Perfetto (52) takes the one that ends a text for part of the
 * quote behind it, and opens nothing of the file.
 */
export function traceJson(value: unknown): string {
  return lineJson(value).replaceAll('\\\\', '\\u005c');
}
