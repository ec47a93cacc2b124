import type { PyglassError } from '../model/error.js';
import { exitCodes } from './exit-codes.js';

export interface Explanation {
  readonly exitCode: number;
  /** What to do about it, a line each: sentences, or commands to type (these begin with two spaces). */
  readonly remedy: readonly string[];
}

/** What can be done about an error, told from its code and detail alone. */
export function explainError(error: PyglassError): Explanation {
  return explanations[error.code]?.(error.detail) ?? { exitCode: exitCodes.internal, remedy: [] };
}

type Detail = Readonly<Record<string, unknown>>;

const explanations: Readonly<Record<string, (detail: Detail) => Explanation>> = {
  'no-such-process': () => ({
    exitCode: exitCodes.target,
    remedy: ['It may have ended. To see what runs:', '  pyglass ps'],
  }),
  'no-python-process': () => ({
    exitCode: exitCodes.target,
    remedy: ['To start a program and record it:', '  pyglass record -- python app.py'],
  }),
  'not-python': ({ pid, children }) => ({
    exitCode: exitCodes.target,
    remedy: notPython(Number(pid), children as readonly { pid: number; command: string }[] | undefined),
  }),
  'python-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['To record the program, run it with one of these.'],
  }),
  'layout-implausible': () => ({
    exitCode: exitCodes.target,
    remedy: ['It may be a Python that was changed by its maker, or one that is just starting: try again.'],
  }),
  'free-threaded-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['Builds of CPython without a GIL cannot be recorded yet.'],
  }),
  'python-not-started': () => ({ exitCode: exitCodes.target, remedy: [] }),
  'permission-capability': ({ inContainer }) => ({
    exitCode: exitCodes.permission,
    remedy: inContainer
      ? [
          'Start the container with the capability, or record from the host:',
          '  docker run --cap-add=SYS_PTRACE …',
          'In Kubernetes: securityContext.capabilities.add: ["SYS_PTRACE"]',
        ]
      : ['Use a shell that has all of its capabilities, or record from the host.'],
  }),
  'permission-other-user': ({ pid }) => ({
    exitCode: exitCodes.permission,
    remedy: ['Record as root:', `  sudo env "PATH=$PATH" pyglass record --pid ${Number(pid)}`],
  }),
  'permission-yama': ({ pid }) => ({
    exitCode: exitCodes.permission,
    remedy: [
      'Record as root:',
      `  sudo env "PATH=$PATH" pyglass record --pid ${Number(pid)}`,
      'or allow it until the next boot:',
      '  sudo sysctl kernel.yama.ptrace_scope=0',
      'or start the program with pyglass, which needs neither:',
      '  pyglass record -- python app.py',
    ],
  }),
  'permission-denied': ({ pid }) => ({
    exitCode: exitCodes.permission,
    remedy: ['Root may be able to:', `  sudo env "PATH=$PATH" pyglass record --pid ${Number(pid)}`],
  }),
  'file-not-found': (detail) => ({ exitCode: fileCode(detail), remedy: [] }),
  'file-is-folder': (detail) => ({
    exitCode: fileCode(detail),
    remedy: detail['doing'] === 'write' ? ['Name a file, such as -o profile.svg'] : [],
  }),
  'file-permission': (detail) => ({
    exitCode: fileCode(detail),
    remedy: detail['doing'] === 'write' ? ['Choose another place, such as -o /tmp/profile.svg'] : [],
  }),
  'disk-full': ({ path }) => ({
    exitCode: exitCodes.output,
    remedy: path === '-' ? ['Make room where it goes.'] : ['Make room, or choose another place with -o'],
  }),
  'file-trouble': (detail) => ({ exitCode: fileCode(detail), remedy: [] }),
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
    remedy: ['Put it into a file, and name that:', '  pyglass report run.pyglass'],
  }),
  'writing-stopped': () => ({ exitCode: exitCodes.interrupted, remedy: [] }),
  'recording-too-large': () => ({
    exitCode: exitCodes.output,
    remedy: ['What is shown goes on. To record for long:', '  pyglass record -o run.pyglass --pid PID'],
  }),
  'not-a-recording': () => ({
    exitCode: exitCodes.input,
    remedy: ['Recordings are made by:', '  pyglass record -o run.pyglass --pid PID'],
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

function notPython(pid: number, children: readonly { pid: number; command: string }[] = []): string[] {
  const [first] = children;
  if (!first) return ['To see the Pythons that run:', '  pyglass ps'];
  return [
    children.length === 1
      ? 'But it started one that is:'
      : `But it started ${children.length} that are, such as:`,
    ...children.slice(0, 5).map((child) => `  --pid ${child.pid}    ${child.command.slice(0, 100)}`),
    'Record that one, or all of them:',
    `  pyglass record -s --pid ${pid}`,
  ];
}
