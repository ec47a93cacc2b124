import { type NamedPattern, programPatterns } from './program-patterns.js';
import { type PythonCommand, parsePythonCommand } from './python-command.js';

/** What is known of a process from outside. */
export interface ProgramFacts {
  readonly words: readonly string[];
  /** The executable is a Python interpreter: the words are those of `python`, whatever its name. */
  readonly isInterpreter: boolean;
  /** Those of `reloaderMarks` that are in its environment. */
  readonly marks: readonly string[];
}

export interface Program {
  /**
   * An id of a program pattern, or how it was started: `script`, `module`, `code`, `stdin`, `interactive`, `renamed`,
   * `embedded`.
   */
  readonly kind: string;
  /** Such as `worker`; `undefined` for what has no roles. */
  readonly role: string | undefined;
  /** For people: `gunicorn worker`, `Flask, serving: app.py`. Holds text of the process as it is. */
  readonly words: string;
}

/** The nearest Python above a process. */
export interface DescribedParent {
  readonly facts: ProgramFacts;
  readonly program: Program;
}

/** Environment variables that tell the process which serves from the reloader that waits for it. */
export const reloaderMarks: readonly string[] = [
  ...new Set(programPatterns.flatMap(({ servesWith }) => (servesWith === undefined ? [] : [servesWith]))),
];

/** Whether a process of which only this name can be seen, of an executable or its own, is a Python by it. */
export function isNameOfPython(name: string): boolean {
  return programPatterns.some(
    ({ renamed, command, ownName }) => renamed?.test(name) || (ownName && command?.test(lastPart(name))),
  );
}

/** What only matters for the description: megabytes of arguments say no more than their beginning. */
const longestText = 4096;

/** Says what a process is. `children` are those Pythons that it started. */
export function describeProgram(
  facts: ProgramFacts,
  parent: DescribedParent | undefined,
  children: readonly ProgramFacts[],
): Program {
  const command = commandOf(facts);
  // A forked child has the words of its parent.
  const copied = parent !== undefined && sameWords(facts, parent.facts) ? parent : undefined;
  const family = { facts, parent, copied, children };
  const pattern = programPatterns.find((one) => fits(one, command, family));
  if (!pattern) return unknownProgram(command, facts.isInterpreter, copied !== undefined);
  const named =
    pattern.names?.exec(pattern.renamed ? command.name : command.args)?.[1] ??
    (pattern.command || pattern.renamed || pattern.code ? '' : command.title);
  const role = roleOf(pattern, family);
  return { kind: pattern.id, role, words: phrase(pattern.title, role, named) };
}

interface Family {
  readonly facts: ProgramFacts;
  readonly parent: DescribedParent | undefined;
  readonly copied: DescribedParent | undefined;
  readonly children: readonly ProgramFacts[];
}

interface CommandText {
  readonly python: PythonCommand | undefined;
  /** Such as `gunicorn` or `manage`. */
  readonly name: string;
  readonly args: string;
  /** For people, when no pattern fits: `app.py`, `python -m x`. */
  readonly title: string;
}

function commandOf({ words, isInterpreter }: ProgramFacts): CommandText {
  const first = (words[0] ?? '').slice(0, longestText);
  const cut = (args: readonly string[]) => args.slice(0, 200).join(' ').slice(0, longestText);
  const renamed = /^[^/].* /.test(first);
  if (!isInterpreter || renamed) {
    const name = renamed ? first : lastPart(first);
    return { python: undefined, name, args: cut(words.slice(1)), title: name };
  }
  const python = parsePythonCommand(words);
  const what = python.what.slice(0, longestText);
  const script = what.replace(/\/__main__\.py$/, '');
  const name = python.runs === 'script' ? lastPart(script).replace(/\.py[cw]?$/, '') : what;
  return {
    python,
    name: python.runs === 'module' ? name.replace(/\.__main__$/, '') : python.runs === 'code' ? '' : name,
    args: cut(python.args),
    title: titleOf(python, python.runs === 'script' ? lastPart(script) : what),
  };
}

function titleOf({ runs }: PythonCommand, what: string): string {
  if (runs === 'script') return what;
  if (runs === 'module') return `python -m ${what}`;
  if (runs === 'code') return `python -c ${firstLine(what)}`;
  return runs === 'stdin' ? 'a program from standard input' : 'interactive Python';
}

function fits(pattern: NamedPattern, { python, name, args }: CommandText, family: Family): boolean {
  if (pattern.renamed) return python === undefined && pattern.renamed.test(name);
  if (pattern.code) {
    if (pattern.parent !== undefined && pattern.parent !== family.parent?.program.kind) return false;
    if (pattern.parent !== undefined && childRoleBelow(family.parent?.program) === undefined) return false;
    return python?.runs === 'code' && pattern.code.test(python.what.slice(0, longestText));
  }
  if (pattern.command)
    return pattern.command.test(name) && (pattern.args === undefined || pattern.args.test(args));
  // Only the reloader's mark tells. Other programs that are started by the one that serves inherit it.
  if (serves(pattern, family.facts))
    return family.copied !== undefined || !serves(pattern, family.parent?.facts);
  return family.children.some((child) => serves(pattern, child));
}

function roleOf(pattern: NamedPattern, { facts, parent, copied, children }: Family): string | undefined {
  if (pattern.servesWith !== undefined) {
    if (serves(pattern, facts)) return copied && serves(pattern, copied.facts) ? 'child' : 'serving';
    return children.some((child) => serves(pattern, child)) ? 'reloader' : undefined;
  }
  if (pattern.parent !== undefined) return childRoleBelow(parent?.program);
  return copied?.program.kind === pattern.id ? (pattern.childRole ?? pattern.role) : pattern.role;
}

/** What a process that was spawned by this one is. */
function childRoleBelow(parent: Program | undefined): string | undefined {
  return programPatterns.find(
    ({ id, role, childRole }) => id === parent?.kind && role === parent.role && childRole,
  )?.childRole;
}

function serves({ servesWith }: NamedPattern, facts: ProgramFacts | undefined): boolean {
  return servesWith !== undefined && facts?.marks.includes(servesWith) === true;
}

function sameWords(one: ProgramFacts, other: ProgramFacts): boolean {
  return (
    one.words.length === other.words.length && one.words.every((word, index) => word === other.words[index])
  );
}

function phrase(title: string, role: string | undefined, named: string): string {
  const what = role === undefined ? title : role === 'serving' ? `${title}, serving` : `${title} ${role}`;
  return named === '' ? what : `${what}: ${named}`;
}

function unknownProgram({ python, title }: CommandText, isInterpreter: boolean, forked: boolean): Program {
  const kind = python?.runs ?? (isInterpreter ? 'renamed' : 'embedded');
  if (forked) return { kind, role: 'fork', words: `${title}, forked by its parent` };
  return { kind, role: undefined, words: isInterpreter ? title : `${title} (with Python inside)` };
}

function firstLine(code: string): string {
  const [line = '', ...rest] = code.trim().split('\n');
  return rest.length > 0 ? `${line} …` : line;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
