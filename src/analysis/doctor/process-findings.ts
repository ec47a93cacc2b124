import type { Finding, ProcessExamination, PythonExamination } from '../../model/doctor.js';
import type { ErrorCode } from '../../model/error.js';
import { plural } from '../human-units.js';
import { note, ok, problem } from './machine-findings.js';

/** Why a process cannot be recorded, and what to do about it. */
export interface ReadFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: readonly string[];
}

/** What the facts of a process mean for pyglass. */
export function processFindings(
  facts: ProcessExamination,
  python: PythonExamination | undefined,
  failure: ReadFailure | undefined,
): Finding[] {
  return [
    ...(facts.exists ? seenFindings(facts) : []),
    ...(python ? pythonFindings(python) : []),
    ...(failure ? [problem('readable', failure.code, failure.message, ...failure.remedy)] : []),
  ];
}

function seenFindings(facts: ProcessExamination): Finding[] {
  return [
    ok(
      'process',
      `state ${facts.state}${states[facts.state ?? ''] ?? ''}, ${plural(facts.threads, 'thread')}`,
    ),
    ...(facts.isKernelThread ? [] : [executableFinding(facts), userFinding(facts), ...placeFindings(facts)]),
    ...readFindings(facts),
  ];
}

const states: Readonly<Record<string, string>> = {
  R: ' (running)',
  S: ' (waiting)',
  D: ' (waiting, uninterruptible)',
  T: ' (stopped)',
  t: ' (stopped by a debugger)',
  Z: ' (its main thread has ended)',
};

function executableFinding({ executable, executableDeleted }: ProcessExamination): Finding {
  if (executable === null) return note('executable', 'its executable cannot be seen');
  if (!executableDeleted) return ok('executable', `executable ${executable}`);
  return note('executable', `executable ${executable}, which was deleted or replaced since it started`);
}

function userFinding({ uid, hasOurIds, dumpable }: ProcessExamination): Finding {
  const text = hasOurIds ? `user ${uid}, as pyglass` : `user ${uid}, which pyglass is not`;
  return dumpable === false
    ? note('user', `${text}; protected from being read (not dumpable)`)
    : ok('user', text);
}

function placeFindings({ sameNamespaces, pid, innerPid, seccomp }: ProcessExamination): Finding[] {
  const others = (['user', 'pid', 'mount'] as const).filter((kind) => sameNamespaces[kind] === false);
  const inner = innerPid === null || innerPid === pid ? '' : `, where it is process ${innerPid}`;
  const place =
    others.length === 0
      ? []
      : [
          ok(
            'namespaces',
            `in ${others.join(', ')} ${others.length === 1 ? 'namespace' : 'namespaces'} of its own${inner}`,
          ),
        ];
  const filtered =
    seccomp === 2 ? [ok('seccomp', 'under a filter of system calls, which reading it does not concern')] : [];
  return [...place, ...filtered];
}

function readFindings({ reads, canSeeMaps }: ProcessExamination): Finding[] {
  if (!reads) return [];
  const { processVmReadv, procMem } = reads;
  const maps = canSeeMaps ? '' : '; its mappings cannot be seen';
  const answers = `process_vm_readv: ${processVmReadv}, /proc/PID/mem: ${procMem}${maps}`;
  if (processVmReadv === 'ok' && canSeeMaps)
    return [ok('reading', `read with process_vm_readv (${answers})`)];
  if (procMem === 'ok' && canSeeMaps)
    return [
      note(
        'reading',
        `read with /proc/PID/mem, region by region, so more samples are read twice (${answers})`,
      ),
    ];
  return [note('reading', `not readable (${answers})`)];
}

function pythonFindings(python: PythonExamination): Finding[] {
  const { version, file, isLibrary, foundBy, debugBuild, interpreters } = python;
  const by = waysToFind[foundBy] ?? foundBy;
  const build = debugBuild === null ? 'build not known' : debugBuild ? 'a debug build' : 'a release build';
  return [
    ok(
      'python',
      `CPython ${version}, ${build}, in ${isLibrary ? 'the library' : 'the executable'} ${file}, found ${by}`,
    ),
    ok(
      'stacks',
      `${plural(python.threads, 'thread')} of Python read in ${python.milliseconds} ms, ${deepest(python)}`,
    ),
    ok(
      'gil',
      `${plural(interpreters, 'interpreter')}; ${python.gilHolder === null ? 'nobody holds the GIL' : `thread ${python.gilHolder} holds the GIL`}`,
    ),
    missingFinding(python),
  ];
}

const waysToFind: Readonly<Record<string, string>> = {
  section: 'by the section .PyRuntime',
  'exported symbol': 'by the exported symbol _PyRuntime',
  'symbol table': 'by the symbol _PyRuntime of its symbol table',
  structure: 'by its structure in memory, since its file has no symbols',
  'static variables': 'by its static variables, which are no _PyRuntime yet',
  memory: 'in memory, since its file is gone or another',
};

function deepest({ deepestStack }: PythonExamination): string {
  return deepestStack === 0 ? 'none runs Python now' : `the deepest has ${plural(deepestStack, 'frame')}`;
}

function missingFinding({ shows }: PythonExamination): Finding {
  const missing = [
    ...(shows.threadStates ? [] : ['what threads wait for']),
    ...(shows.cpuTimes ? [] : ['CPU times']),
    ...(shows.cFunctions ? [] : ['names of C functions']),
  ];
  return missing.length === 0
    ? ok('missing', 'recordings have thread states, CPU times and names of C functions')
    : note('missing', `recordings will lack: ${missing.join(', ')}`);
}
