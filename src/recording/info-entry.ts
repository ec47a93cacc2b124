import { decodeUtf8 } from '../bytes/text.js';
import type { RecordingInfo } from '../model/profile.js';
import { mostInfoBytes, mostInfoDepth } from './decoded-size.js';
import { damaged, type PayloadCursor } from './payload-cursor.js';
import { cutText } from './stored-text.js';

/** Ours has a depth of one. What is deep takes hundreds of times its size to read. */
function checkDepth(json: string): void {
  let depth = 0;
  for (const [char] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/g)) {
    if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > mostInfoDepth) throw damaged('its description is too deep');
  }
}

/** What the recorder said of the recording as a whole; throws when that is damaged. */
export function readInfo(body: PayloadCursor): RecordingInfo {
  if (body.left > mostInfoBytes) throw damaged('its description is too long');
  let json: unknown;
  try {
    const source = decodeUtf8(body.bytes(body.left));
    checkDepth(source);
    json = JSON.parse(source);
  } catch (error) {
    throw error instanceof SyntaxError ? damaged('its description is not JSON') : error;
  }
  const fields: Partial<Record<keyof RecordingInfo, unknown>> =
    typeof json === 'object' && json !== null ? json : {};
  const text = (value: unknown) => (typeof value === 'string' ? cutText(value) : '');
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  return {
    writer: text(fields.writer),
    startedAt: number(fields.startedAt),
    rate: number(fields.rate),
    title: text(fields.title),
    ...readLabels(fields.labels),
  };
}

/** Texts by name; whatever else may be there is no label. */
function readLabels(value: unknown): Pick<RecordingInfo, 'labels'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const labels = Object.entries(value).filter(([, label]) => typeof label === 'string');
  // Not by assignment: a name may be `__proto__`.
  return labels.length === 0
    ? {}
    : { labels: Object.fromEntries(labels.map(([name, label]) => [cutText(name), cutText(label)])) };
}
