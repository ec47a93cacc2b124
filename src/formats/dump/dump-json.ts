import { plainJson } from '../../analysis/plain-json.js';
import { valueText } from '../../analysis/value-text.js';
import type { FrameSnapshot, ProcessSnapshot, ThreadSnapshot, Variable } from '../../model/snapshot.js';

/** Raised when a field changes its meaning or goes; fields may be added without. */
const version = 1;

/** The same as docs/dump-json.md describes it; secrets must have been hidden before. */
export function dumpJson(processes: readonly ProcessSnapshot[], valueLength: number): string {
  const report = {
    version,
    processes: processes.map((process) => ({
      pid: process.pid,
      parentPid: process.parentPid,
      commandLine: process.commandLine,
      pythonVersion: process.pythonVersion,
      executable: process.executable,
      reloader: process.reloader,
      threads: process.threads.map((thread) => threadJson(thread, valueLength)),
    })),
  };
  return `${plainJson(report)}\n`;
}

function threadJson(thread: ThreadSnapshot, valueLength: number) {
  return {
    threadId: thread.threadId,
    ident: thread.ident,
    name: thread.name,
    interpreter: thread.interpreter,
    state: thread.state,
    waitingFor: thread.waitingFor,
    holdsGil: thread.holdsGil,
    moving: thread.moving,
    truncated: thread.truncated,
    frames: thread.frames.map((frame) => frameJson(frame, valueLength)),
  };
}

function frameJson({ variables, ...frame }: FrameSnapshot, valueLength: number) {
  return {
    kind: frame.kind,
    name: frame.name,
    qualifiedName: frame.qualifiedName,
    file: frame.file,
    shortFile: frame.shortFile,
    line: frame.line,
    firstLine: frame.firstLine,
    ...(variables ? { variables: variables.map((variable) => variableJson(variable, valueLength)) } : {}),
  };
}

function variableJson({ name, isArgument, value }: Variable, valueLength: number) {
  return {
    name,
    isArgument,
    type: value.type,
    value: valueText(value, valueLength),
    hidden: value.kind === 'hidden',
  };
}
