import { type ProgramKind, programKinds } from './program-kinds.js';
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
  /** An id of the list of kinds, or how it was started: `script`, `module`, `code`, `stdin`, `interactive`, `renamed`, `embedded`. */
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
  ...new Set(programKinds.flatMap(({ servesWith }) => (servesWith === undefined ? [] : [servesWith]))),
];

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
  const kind = programKinds.find((one) => fits(one, command, family));
  if (!kind) return unknownProgram(command, facts.isInterpreter, copied !== undefined);
  const named =
    kind.names?.exec(kind.renamed ? command.name : command.args)?.[1] ??
    (kind.command || kind.renamed || kind.code ? '' : command.title);
  const role = roleOf(kind, family);
  return { kind: kind.id, role, words: phrase(kind.title, role, named) };
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
  /** For people, when no kind fits: `app.py`, `python -m x`. */
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

function fits(kind: ProgramKind, { python, name, args }: CommandText, family: Family): boolean {
  if (kind.renamed) return python === undefined && kind.renamed.test(name);
  if (kind.code) {
    if (kind.parent !== undefined && kind.parent !== family.parent?.program.kind) return false;
    if (kind.parent !== undefined && childRoleBelow(family.parent?.program) === undefined) return false;
    return python?.runs === 'code' && kind.code.test(python.what.slice(0, longestText));
  }
  if (kind.command) return kind.command.test(name) && (kind.args === undefined || kind.args.test(args));
  // Only the reloader's mark tells. Other programs that are started by the one that serves inherit it.
  if (serves(kind, family.facts)) return family.copied !== undefined || !serves(kind, family.parent?.facts);
  return family.children.some((child) => serves(kind, child));
}

function roleOf(kind: ProgramKind, { facts, parent, copied, children }: Family): string | undefined {
  if (kind.servesWith !== undefined) {
    if (serves(kind, facts)) return copied && serves(kind, copied.facts) ? 'child' : 'serving';
    return children.some((child) => serves(kind, child)) ? 'reloader' : undefined;
  }
  if (kind.parent !== undefined) return childRoleBelow(parent?.program);
  return copied?.program.kind === kind.id ? (kind.childRole ?? kind.role) : kind.role;
}

/** What a process that was spawned by this one is. */
function childRoleBelow(parent: Program | undefined): string | undefined {
  return programKinds.find(
    ({ id, role, childRole }) => id === parent?.kind && role === parent.role && childRole,
  )?.childRole;
}

function serves({ servesWith }: ProgramKind, facts: ProgramFacts | undefined): boolean {
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
