import type { ErrorCode, PyglassError } from '../model/error.js';
import { exitCodes } from './exit-codes.js';

export interface Explanation {
  readonly exitCode: number;
  /** What to do about it, a line each: sentences, or commands to type (these begin with two spaces). */
  readonly remedy: readonly string[];
}

/**
 * What can be done about an error, from its code and detail alone. `typed`: the command that failed, which a remedy says again where it
 * applies; `record` in place of those that are about no single process.
 */
export function explainError(error: PyglassError, typed = 'record'): Explanation {
  const command = aboutOneProcess.includes(typed) ? typed : 'record';
  return explanations[error.code]?.(error.detail, command) ?? { exitCode: exitCodes.internal, remedy: [] };
}

const aboutOneProcess = ['record', 'top', 'dump'];

type Detail = Readonly<Record<string, unknown>>;

const explanations: Readonly<Partial<Record<ErrorCode, (detail: Detail, command: string) => Explanation>>> = {
  'no-such-process': () => ({
    exitCode: exitCodes.target,
    remedy: ['It may have ended. To list Python processes:', '  pyglass ps'],
  }),
  'process-hidden': (detail, command) => ({
    exitCode: exitCodes.permission,
    remedy: asRoot(detail, command),
  }),
  'proc-missing': () => ({
    exitCode: exitCodes.permission,
    remedy: ['Mount it, or run pyglass where it is mounted:', '  sudo mount -t proc proc /proc'],
  }),
  'no-python-process': (_, command) => ({
    exitCode: exitCodes.target,
    remedy: [`To start a program and ${command === 'top' ? 'watch' : 'record'} it:`, starting(command)],
  }),
  'not-python': ({ pid, children }, command) => ({
    exitCode: exitCodes.target,
    remedy: notPython(
      Number(pid),
      children as readonly { pid: number; command: string }[] | undefined,
      command,
    ),
  }),
  'files-lost': (detail, command) => ({ exitCode: exitCodes.target, remedy: asRoot(detail, command) }),
  'pypy-unsupported': () => ({ exitCode: exitCodes.target, remedy: ['Run the program with CPython.'] }),
  'platform-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['Run the program and pyglass on Linux x86-64, for example in a virtual machine.'],
  }),
  'machine-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['It may run in an emulator, such as qemu. Run pyglass and the program on x86-64.'],
  }),
  'python-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['Run the program with one of these.'],
  }),
  'build-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['Run the program with a Python that was built without that option.'],
  }),
  'layout-implausible': () => ({
    exitCode: exitCodes.target,
    remedy: ['It may be a patched build, or still starting up: try again.'],
  }),
  'python-not-started': () => ({ exitCode: exitCodes.target, remedy: [] }),
  'permission-capability': ({ inContainer }) => ({
    exitCode: exitCodes.permission,
    remedy: inContainer
      ? [
          'Start the container with the capability, or run pyglass on the host:',
          '  docker run --cap-add=SYS_PTRACE …',
          'In Kubernetes: securityContext.capabilities.add: ["SYS_PTRACE"]',
        ]
      : ['Use a shell with all capabilities, or run pyglass on the host.'],
  }),
  'permission-other-user': (detail, command) => ({
    exitCode: exitCodes.permission,
    remedy: asRoot(detail, command),
  }),
  'permission-yama': (detail, command) => ({
    exitCode: exitCodes.permission,
    remedy: [
      ...asRoot(detail, command),
      'or allow it until the next boot:',
      '  sudo sysctl kernel.yama.ptrace_scope=0',
      'or start the program with pyglass, which needs neither:',
      starting(command),
    ],
  }),
  'permission-denied': ({ pid, ourUid }, command) => ({
    exitCode: exitCodes.permission,
    remedy: ourUid === 0 ? [] : ['Root may be able to:', sudo(pid, command)],
  }),
  'file-not-found': (detail) => ({ exitCode: fileCode(detail), remedy: [] }),
  'file-is-folder': (detail) => ({
    exitCode: fileCode(detail),
    remedy: detail['doing'] === 'write' ? ['Name a file, such as -o profile.svg'] : [],
  }),
  'file-permission': (detail) => ({
    exitCode: fileCode(detail),
    remedy: detail['doing'] === 'write' ? ['Choose another location, such as -o /tmp/profile.svg'] : [],
  }),
  'disk-full': ({ path }) => ({
    exitCode: exitCodes.output,
    remedy:
      path === '-'
        ? ['Free some space at the destination.']
        : ['Free some space, or choose another location with -o'],
  }),
  'file-error': (detail) => ({ exitCode: fileCode(detail), remedy: [] }),
  'output-is-input': () => ({
    exitCode: exitCodes.output,
    remedy: ['Name another file, such as -o profile.svg'],
  }),
  'output-missing': () => ({
    exitCode: exitCodes.usage,
    remedy: ['Name the output:', '  pyglass report - -o profile.svg'],
  }),
  'same-output': () => ({
    exitCode: exitCodes.usage,
    remedy: ['Name another file, such as --stats-json stats.json'],
  }),
  'recording-in-use': () => ({
    exitCode: exitCodes.output,
    remedy: ['Name another file, such as -o run-2.pyglass'],
  }),
  'recording-too-long': () => ({
    exitCode: exitCodes.input,
    remedy: ['Save it to a file first:', '  pyglass report run.pyglass'],
  }),
  'writing-stopped': () => ({ exitCode: exitCodes.interrupted, remedy: [] }),
  'recording-too-large': () => ({
    exitCode: exitCodes.output,
    remedy: ['The display continues. For a longer recording:', '  pyglass record -o run.pyglass --pid PID'],
  }),
  'not-a-recording': () => ({
    exitCode: exitCodes.input,
    remedy: ['To make a recording:', '  pyglass record -o run.pyglass --pid PID'],
  }),
  'recording-too-new': () => ({
    exitCode: exitCodes.input,
    remedy: ['Use the pyglass that recorded it, or a later one.'],
  }),
  'program-not-found': () => ({ exitCode: exitCodes.programNotFound, remedy: [] }),
  'program-not-started': () => ({ exitCode: exitCodes.notExecutable, remedy: [] }),
};

function fileCode({ doing }: Detail): number {
  return doing === 'read' ? exitCodes.input : exitCodes.output;
}

function asRoot({ pid }: Detail, command: string): string[] {
  return ['Run it as root:', sudo(pid, command)];
}

function sudo(pid: unknown, command: string): string {
  return `  sudo env "PATH=$PATH" pyglass ${command} --pid ${Number(pid)}`;
}

/** `dump` starts no program. */
function starting(command: string): string {
  return `  pyglass ${command === 'top' ? 'top' : 'record'} -- python app.py`;
}

function notPython(
  pid: number,
  children: readonly { pid: number; command: string }[] = [],
  command = 'record',
): string[] {
  const [first] = children;
  if (!first) return ['To list Python processes:', '  pyglass ps'];
  return [
    children.length === 1
      ? 'It has a Python child process:'
      : `It has ${children.length} Python child processes, such as:`,
    ...children.slice(0, 5).map((child) => `  --pid ${child.pid}    ${child.command.slice(0, 100)}`),
    'Use its pid, or include all children:',
    `  pyglass ${command} -s --pid ${pid}`,
  ];
}
