import { describeProgram } from '../frameworks/describe-program.js';
import { wordsOfPython } from '../frameworks/python-command.js';
import { hideInCommandLine } from '../model/secret-text.js';

/** A name longer than this is of no use in a list. */
const longest = 100;

/**
 * A name for what a process does, by its command line: what `ps` calls it without the role that it has in a group, as
 * `gunicorn_shop_wsgi`. Code that was given with -c is not in it.
 */
export function serviceNameOf(commandLine: readonly string[]): string {
  // Those of a process that is about to end are not known.
  if ((commandLine[0] ?? '') === '') return 'python';
  const words = wordsOfPython(hideInCommandLine(commandLine));
  const {
    kind,
    role,
    words: text,
  } = describeProgram({ words, isInterpreter: true, marks: [] }, undefined, []);
  if (kind === 'code') return 'python';
  const what = role === undefined ? text : text.replace(`, ${role}`, '').replace(` ${role}`, '');
  return cleanServiceName(what.replace(/^python -m /, '').replace(/\.py[cw]?$/, ''));
}

/**
 * A name that somebody gave, as it is: in OpenTelemetry the same one finds traces. A receiver that takes fewer
 * characters gets others for them (`delivery/pyroscope-receiver.ts`).
 */
export function givenServiceName(text: string): string {
  const name = text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longest);
  return name === '' ? 'python' : name;
}

/** As all receivers take it: letters, digits, `_` and `-`. */
function cleanServiceName(text: string): string {
  const name = text
    .replace(/[^\w-]+/g, '_')
    .slice(0, longest)
    .replace(/^_+|_+$/g, '');
  return name === '' ? 'python' : name;
}
