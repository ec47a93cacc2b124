import { formatCount, formatDate, formatDuration } from '../../analysis/human-units.js';
import type { CoreFacts, ProcessSnapshot, ThreadSnapshot, ThreadState } from '../../model/snapshot.js';
import { visibleText } from '../flamegraph/safe-text.js';
import { frameLines } from './frame-text.js';
import { greenletLines } from './greenlet-text.js';
import type { StackTextOptions } from './stack-text.js';
import { taskLines } from './task-text.js';
import { trioLines } from './trio-text.js';

export type DumpTextOptions = StackTextOptions;

const longestCommand = 1000;

/** What every thread of the processes does, for reading; secrets must have been hidden before. */
export function* dumpText(
  processes: readonly ProcessSnapshot[],
  options: DumpTextOptions,
): Generator<string> {
  for (const [at, process] of processes.entries()) {
    if (at > 0) yield '\n';
    yield `Process ${process.pid}: ${visibleText(process.commandLine.join(' '), longestCommand)}\n`;
    const executable = process.executable === '' ? '' : ` (${visibleText(process.executable)})`;
    const build = process.hasGil ? '' : ', free-threaded: it has no GIL';
    yield `Python ${process.pythonVersion}${executable}${build}\n`;
    if (process.finalizing) yield 'Python is ending: its interpreter is being finalized\n';
    if (process.core) yield* coreLines(process.core, process.threads);
    const parent = processes.find(({ pid }) => pid === process.parentPid);
    if (parent) yield `Started by process ${parent.pid}\n`;
    for (const thread of process.threads) yield* threadLines(thread, process.core, options);
    yield* otherLines(process, options);
  }
}

/** Stacks that no thread has. */
function* otherLines({ tasks, trio, greenlets, threads }: ProcessSnapshot, options: DumpTextOptions) {
  if (tasks) yield* taskLines(tasks, threads, options);
  if (trio) yield* trioLines(trio, threads, options);
  if (greenlets) yield* greenletLines(greenlets, threads, options);
}

function* threadLines(thread: ThreadSnapshot, core: CoreFacts | undefined, options: DumpTextOptions) {
  yield '\n';
  yield `${threadLine(thread, core)}\n`;
  for (const frame of thread.frames) {
    yield* frameLines(frame, options, '    ');
  }
  if (thread.frames.length === 0) yield '    (no Python frames)\n';
  if (thread.truncated)
    yield `    (outer frames omitted: the stack is deeper than ${formatCount(thread.frames.length)} frames)\n`;
}

const states: Readonly<Record<ThreadState, string>> = {
  running: 'running',
  waiting: 'waiting',
  'waiting-for-gil': 'waiting for the GIL',
  stopped: 'stopped',
  unknown: 'state unknown',
};

function* coreLines({ file, writtenAt, signal }: CoreFacts, threads: readonly ThreadSnapshot[]) {
  const written = writtenAt === undefined ? '' : `, written ${formatDate(Date.parse(writtenAt))}`;
  yield `Core file ${visibleText(file)}${written}\n`;
  if (!signal) return;
  const { name, threadId, address, sender } = signal;
  const at = address === undefined ? '' : ` at address ${address}`;
  const from = sender === undefined ? '' : `, sent by process ${sender}`;
  const isPython = threads.some((thread) => thread.threadId === threadId);
  yield `Ended by ${name}${at} in thread ${threadId}${isPython ? '' : ', which runs no Python'}${from}\n`;
}

function requestFacts({ request }: ThreadSnapshot): string[] {
  if (!request) return [];
  const since = request.seconds === undefined ? '' : ` for ${formatDuration(request.seconds * 1e6)}`;
  return [`request ${visibleText(request.route ?? 'of an unknown route', 200)}${since}`];
}

function threadLine(thread: ThreadSnapshot, core: CoreFacts | undefined): string {
  const { state, waitingFor, threadId, ident, name, interpreter } = thread;
  const ended = core?.signal?.threadId === threadId ? [`ended by ${core.signal.name}`] : [];
  const known = state === 'waiting' && waitingFor !== '' ? visibleText(waitingFor) : states[state];
  const facts = [
    ...(state === 'unknown' && ended.length > 0 ? [] : [known]),
    ...ended,
    ...(thread.holdsGil ? ['holds the GIL'] : []),
    ...(interpreter === 0 ? [] : [`interpreter ${interpreter}`]),
    ...requestFacts(thread),
    ...(thread.moving ? [core ? 'stack is incomplete' : 'stack changed while being read'] : []),
  ].join(', ');
  const id = threadId === 0 ? `0x${ident.toString(16)}` : String(threadId);
  return `Thread ${id}${name === '' ? '' : ` "${visibleText(name)}"`}: ${facts}`;
}
