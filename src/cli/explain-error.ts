import type { ErrorCode, PyglassError } from '../model/error.js';
import type { Confinement } from '../process/security-module.js';
import { exitCodes } from './exit-codes.js';
import { shellWord } from './shell-word.js';

export interface Explanation {
  readonly exitCode: number;
  /** What to do about it, a line each: sentences, or commands to type (these begin with two spaces). */
  readonly remedy: readonly string[];
}

/**
 * What can be done about an error, from its code and detail alone. `typed`: the command that failed, which a remedy
 * says again where it applies; `record` in place of those that are about no single process.
 */
export function explainError(error: PyglassError, typed = 'record'): Explanation {
  const command = aboutOneProcess.includes(typed) ? typed : 'record';
  return explanations[error.code]?.(error.detail, command) ?? { exitCode: exitCodes.internal, remedy: [] };
}

const aboutOneProcess = ['record', 'top', 'live', 'dump'];

type Detail = Readonly<Record<string, unknown>>;

const explanations: Readonly<Partial<Record<ErrorCode, (detail: Detail, command: string) => Explanation>>> = {
  'no-such-process': (detail, command) => ({
    exitCode: exitCodes.target,
    remedy: noSuchProcess(detail, command),
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
  'not-python': (detail, command) => ({
    exitCode: exitCodes.target,
    remedy: detail.core === undefined ? notPython(detail, command) : debuggerOf(detail),
  }),
  'not-a-core': () => ({
    exitCode: exitCodes.input,
    remedy: ['To make a core file of a running process:', '  gcore PID'],
  }),
  'core-compressed': ({ path, command }) => ({
    exitCode: exitCodes.input,
    remedy:
      path === 'standard input'
        ? ['Decompress it on the way:', `  ${command} core | pyglass dump -c -`]
        : ['Decompress it on the way:', `  ${command} ${shellWord(String(path))} | pyglass dump -c -`],
  }),
  'core-damaged': () => ({
    exitCode: exitCodes.input,
    remedy: [
      'Copy it again, or make one that is whole; in the shell that starts the program:',
      '  ulimit -c unlimited; echo 0x33 > /proc/self/coredump_filter',
    ],
  }),
  'core-too-large': () => ({
    exitCode: exitCodes.input,
    remedy: [
      'Decompress it to a file, or name a folder with more space:',
      '  … | TMPDIR=/var/tmp pyglass dump -c -',
    ],
  }),
  'core-files-missing': ({ core, reason }) => ({
    exitCode: exitCodes.target,
    remedy: [
      ...(reason === 'unchecked'
        ? [
            'To use the files of this machine all the same:',
            `  pyglass dump -c ${coreWord(core)} --sysroot /`,
          ]
        : []),
      'Name the executable, or a folder with the files of the machine that it ran on:',
      `  pyglass dump -c ${coreWord(core)} --executable FILE`,
      `  pyglass dump -c ${coreWord(core)} --sysroot FOLDER`,
    ],
  }),
  'core-file-differs': () => ({
    exitCode: exitCodes.target,
    remedy: ['Name the file that ran; this shows its build id:', '  readelf -n FILE'],
  }),
  'files-lost': (detail, command) => ({ exitCode: exitCodes.target, remedy: asRoot(detail, command) }),
  'implementation-unsupported': (detail) => ({ exitCode: exitCodes.target, remedy: profilerOf(detail) }),
  'platform-unsupported': () => ({
    exitCode: exitCodes.target,
    remedy: ['Run the program and pyglass on Linux, for example in a virtual machine.'],
  }),
  // `doctor` says what to change.
  'node-unsupported': () => ({ exitCode: exitCodes.target, remedy: [] }),
  'koffi-missing': () => ({ exitCode: exitCodes.target, remedy: [] }),
  'machine-unsupported': ({ core, isElsewhere }) => ({
    exitCode: exitCodes.target,
    remedy: remedyOfMachine(core, isElsewhere === true),
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
  'python-not-started': ({ pid }, command) => ({
    exitCode: exitCodes.target,
    remedy: ['If it is starting, try again:', `  pyglass ${command} --pid ${Number(pid)}`],
  }),
  'python-finalized': (detail) => ({
    exitCode: exitCodes.target,
    remedy:
      detail.core === undefined
        ? ['It runs no Python code any more. To list Python processes:', '  pyglass ps']
        : debuggerOf(detail),
  }),
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
    remedy: yama(detail, command),
  }),
  'permission-not-dumpable': (detail, command) => ({
    exitCode: exitCodes.permission,
    remedy: asRoot(detail, command),
  }),
  'permission-namespace': ({ pid }, command) => ({
    exitCode: exitCodes.permission,
    remedy: ['Run pyglass outside of the container, as root:', sudo(pid, command)],
  }),
  'permission-security-module': ({ confinement }) => ({
    exitCode: exitCodes.permission,
    remedy: ofSecurityModule(confinement as Confinement),
  }),
  'permission-denied': ({ pid, ourUid }, command) => ({
    exitCode: exitCodes.permission,
    remedy:
      ourUid === 0
        ? ['To see what is allowed here:', `  pyglass doctor --pid ${Number(pid)}`]
        : ['Root may be able to:', sudo(pid, command)],
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
  'push-refused': () => ({
    exitCode: exitCodes.output,
    remedy: ['Check the URL, and who may push there (docs/fleet.md). To push a recording again:', pushAgain],
  }),
  'push-failed': () => ({
    exitCode: exitCodes.output,
    remedy: ['Check that it runs and can be reached from here. To push a recording again:', pushAgain],
  }),
  'bad-option': ({ remedy }) => ({
    exitCode: exitCodes.usage,
    remedy: (remedy as readonly string[] | undefined) ?? [],
  }),
  'port-in-use': () => ({
    exitCode: exitCodes.usage,
    remedy: [
      'Leave out --port for one that is free, or name another:',
      '  pyglass live --port 8123 --pid PID',
    ],
  }),
  'nothing-sampled': () => ({ exitCode: exitCodes.nothingRecorded, remedy: [] }),
  'program-not-found': () => ({ exitCode: exitCodes.programNotFound, remedy: [] }),
  'program-not-started': () => ({ exitCode: exitCodes.notExecutable, remedy: [] }),
};

const pushAgain = '  pyglass report run.pyglass --push URL';

function debuggerOf({ core }: Detail): string[] {
  return ['A debugger shows what it did:', `  gdb -c ${shellWord(String(core))}`];
}

function coreWord(core: unknown): string {
  return core === 'standard input' ? '-' : shellWord(String(core));
}

function remedyOfMachine(core: unknown, isElsewhere: boolean): string[] {
  if (isElsewhere) return ['Start the emulator without an address of its own for the program (qemu: -B).'];
  if (core === undefined)
    return ['It may run in an emulator, such as qemu. Run the program on one of these.'];
  return ['A debugger for that machine shows what it did:', `  gdb-multiarch -c ${shellWord(String(core))}`];
}

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

function yama(detail: Detail, command: string): string[] {
  const scope = detail['ptraceScope'];
  if (scope === 3)
    return [
      'It stays so until the next boot. Before that, set it lower where the system sets it:',
      '  grep -r ptrace_scope /etc/sysctl.conf /etc/sysctl.d',
    ];
  const lower = ['or allow it until the next boot:', '  sudo sysctl kernel.yama.ptrace_scope=0'];
  // The parent is not allowed either when only the capability counts.
  if (scope === 2) return [...asRoot(detail, command), ...lower];
  return [
    ...asRoot(detail, command),
    ...lower,
    'or start the program with pyglass, which needs neither:',
    starting(command),
  ];
}

function ofSecurityModule({ module, deniesAll }: Confinement): string[] {
  if (deniesAll) return ['Allow it until the next boot:', '  sudo setsebool deny_ptrace off'];
  const log =
    module === 'AppArmor' ? '  sudo journalctl -k --grep=apparmor' : '  sudo ausearch -m avc -ts recent';
  return [
    `What ${module} denied is in its log:`,
    log,
    'Allow ptrace there, or run pyglass confined as the process is.',
  ];
}

function noSuchProcess(detail: Detail, command: string): string[] {
  const { inContainers, inPidNamespace, zombieOf, hasEnded } = detail;
  const [inner] = (inContainers as readonly number[] | undefined) ?? [];
  if (inner !== undefined)
    return ['Use its id outside of the container:', `  pyglass ${command} --pid ${inner}`];
  if (zombieOf !== undefined)
    return [
      `Its parent, process ${Number(zombieOf)}, has not noticed. To list Python processes:`,
      '  pyglass ps',
    ];
  return [
    ...(inPidNamespace ? ['Only processes of this container are seen, by their ids in it.'] : []),
    hasEnded ? 'To list Python processes:' : 'It may have ended. To list Python processes:',
    '  pyglass ps',
  ];
}

function profilerOf({ pid, profiler }: Detail): string[] {
  return ((profiler as readonly string[] | undefined) ?? []).map((line) =>
    line.replace('PID', `${Number(pid)}`),
  );
}

function notPython(detail: Detail, command: string): string[] {
  const pid = Number(detail['pid']);
  const children = (detail['children'] as readonly { pid: number; command: string }[] | undefined) ?? [];
  const [inner] = (detail['inContainers'] as readonly number[] | undefined) ?? [];
  const inside =
    inner === undefined
      ? []
      : [
          `In a container, process ${pid} is another one, which is Python:`,
          `  pyglass ${command} --pid ${inner}`,
        ];
  const [first] = children;
  if (!first && inner !== undefined) return inside;
  if (!first) return [...profilerOf(detail), 'To list Python processes:', '  pyglass ps'];
  return [
    ...inside,
    children.length === 1
      ? 'It has a Python child process:'
      : `It has ${children.length} Python child processes, such as:`,
    ...children.slice(0, 5).map((child) => `  --pid ${child.pid}    ${child.command.slice(0, 100)}`),
    'Use its pid, or include all children:',
    `  pyglass ${command} -s --pid ${pid}`,
  ];
}
