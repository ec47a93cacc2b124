import { PyglassError } from '../../model/error.js';
import { systemCallOf } from '../system-calls.js';
import type { ThreadActivity } from '../target.js';

/** The JSON of an image (`memory-image.ts`), of which nothing is used unchecked. Anything else throws `image-head`. */
export function readImageHead(json: unknown) {
  const head = record(json);
  const facts = record(head['facts']);
  return {
    facts: {
      pid: count(facts['pid']),
      parentPid: count(facts['parentPid']),
      commandLine: list(facts['commandLine'], text),
      executable: text(facts['executable']),
    },
    files: list(head['files'], file),
    existing: list(head['existing'], text),
    threads: list(head['threads'], thread),
    pages: list(head['pages'], pair),
  };
}

function file(json: unknown) {
  const { path, mappings, parts } = record(json);
  return {
    path: text(path),
    mappings: list(mappings, mapping),
    parts: parts === undefined ? undefined : list(parts, pair),
  };
}

function mapping(json: unknown) {
  const { start, offset, permissions } = record(json);
  return { start: count(start), offset: count(offset), permissions: text(permissions) };
}

function thread(json: unknown) {
  const { id, activity, waitingFor } = record(json);
  return { id: count(id), activity: threadActivity(activity), waitingFor: text(waitingFor) };
}

function threadActivity(json: unknown): ThreadActivity {
  const { state, systemCall, waitChannel } = record(json);
  const known = { state: text(state), waitChannel: text(waitChannel) };
  if (systemCall === undefined) return known;
  const { number, args } = record(systemCall);
  return { ...known, systemCall: systemCallOf('x86-64', count(number), list(args, anyNumber)) };
}

function record(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong('an object', json);
  return json as Record<string, unknown>;
}

function list<T>(json: unknown, item: (json: unknown) => T): T[] {
  if (!Array.isArray(json)) throw wrong('a list', json);
  return json.map((one) => item(one));
}

function pair(json: unknown): readonly [number, number] {
  const [first, second] = list(json, count);
  return [count(first), count(second)];
}

function text(json: unknown): string {
  if (typeof json !== 'string') throw wrong('a string', json);
  return json;
}

function anyNumber(json: unknown): number {
  if (typeof json !== 'number') throw wrong('a number', json);
  return json;
}

function count(json: unknown): number {
  if (!Number.isSafeInteger(json) || (json as number) < 0) throw wrong('a whole number', json);
  return json as number;
}

function wrong(wanted: string, json: unknown): PyglassError {
  return new PyglassError('image-head', `the head of the image has ${typeof json} instead of ${wanted}`);
}
