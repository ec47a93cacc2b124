import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type CoreFile, type DumpReport, snapshot } from '../../src/index.js';
import { coreOfProcess, stop } from '../support/process-core.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, eachBuild, pythons, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

const look = (target: number | CoreFile) => snapshot(target, { locals: true });

/** Threads with their stacks and values, but for what a stop hides: waits, and the C functions in which they are. */
function pythonOf({ processes: [first] }: DumpReport) {
  const { core: _, threads, ...process } = first!;
  return {
    ...process,
    threads: threads.map(({ state: _state, waitingFor: _waitingFor, frames, ...thread }) => ({
      ...thread,
      frames: frames.filter(({ kind }) => kind === 'python'),
    })),
  };
}

function withProgram(python: TestPython, act: (target: Target) => Promise<void>): Promise<void> {
  for (const imported of ['values.py', 'buffers.py']) python.place(programFile(imported));
  return withTarget(python, programFile('known_state.py'), act);
}

/** Where the files of that Python are, when it has a file system of its own. */
const placesOf = ({ root }: TestPython) => (root === '/' ? {} : { sysroot: root });

const withoutGcore = spawnSync('gcore', ['--help']).error ? 'gcore is not installed' : undefined;

eachBuild('a core file of a process shows what dump shows of the process', (python) =>
  withFolder((folder) =>
    withProgram(python, async (target) => {
      stop(target.pid);
      const core = join(folder, 'core');
      writeFileSync(core, coreOfProcess(target.pid));
      const live = pythonOf(await look(target.pid));
      const shown = await look({ core, ...placesOf(python) });
      const { executable, ...process } = pythonOf(shown);
      // The name that the kernel gives an executable is that of another root.
      assert.ok(live.executable.endsWith(executable) && executable !== '');
      assert.deepEqual({ ...process, executable: live.executable }, live);
      assert.ok(process.threads.length > 10);
      assert.deepEqual(shown.processes[0]!.core!.missingFiles, []);
    }),
  ),
);

/**
 * gdb takes some seconds, so it makes those of the oldest Python and of the newest one that runs with our C library.
 */
const forGcore = new Set([[...pythons().values()].find((one) => typeof one !== 'string')!, anyPython()]);
for (const python of forGcore) {
  test(`a core file that gcore makes shows what dump shows of the process on ${python.version}`, (context) => {
    if (withoutGcore) return context.skip(withoutGcore);
    return withFolder((folder) =>
      withProgram(python, async ({ pid }) => {
        stop(pid);
        const live = pythonOf(await look(pid));
        await promisify(execFile)('gcore', ['-o', join(folder, 'gcore'), `${pid}`]);
        const made = await look({ core: join(folder, `gcore.${pid}`) });
        assert.deepEqual(pythonOf(made), live);
        assert.equal(made.processes[0]!.core!.signal, undefined);
      }),
    );
  });
}

/** Where the kernel writes core files, when it is beside the program. */
const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
const withoutKernel = /^[|/]/.test(pattern) ? `the kernel sends core files to ${pattern}` : undefined;

/** Ends by a signal, in the folder that its argument names. */
const crashes = `
import ctypes, os, sys, threading
held = threading.Lock()
held.acquire()
def waits(lock):
    lock.acquire()
threading.Thread(target=waits, args=(held,), name='waiter', daemon=True).start()
def crashes(address, reason):
    ctypes.string_at(address)
os.chdir(sys.argv[1])
print('ready', flush=True)
sys.stdin.readline()
crashes(16, [None, {'key': 1.5}])
`;

/** Until the main thread reads from file 0 and the other one waits: it no longer does for the GIL then. */
async function untilWaiting(pid: number): Promise<void> {
  const text = (thread: string, file: string) => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8');
  const [other] = readdirSync(`/proc/${pid}/task`).filter((id) => id !== `${pid}`);
  while (!text(`${pid}`, 'syscall').startsWith('0 0x0 '));
  while (!/\) S /.test(text(other!, 'stat')));
}

/** A folder that a program of that Python can write to, by our name and by its own. */
function withFolderOf(python: TestPython, act: (ours: string, its: string) => Promise<void>): Promise<void> {
  if (python.root === '/') return withFolder((folder) => act(folder, folder));
  const ours = mkdtempSync(join(python.root, 'tmp/'));
  return act(ours, ours.slice(python.root.length)).finally(() => rmSync(ours, { recursive: true }));
}

eachBuild(
  'the core file that the kernel writes shows the signal, its thread and its address',
  (python, context) => {
    if (withoutKernel) return context.skip(withoutKernel);
    return withFolderOf(python, (folder, its) => {
      const command = ['prlimit', '--core=unlimited', ...python.command] as const;
      const crash = async ({ pid, child }: Target) => {
        await untilWaiting(pid);
        const exited = once(child, 'exit');
        child.stdin!.end('\n');
        assert.equal((await exited)[1], 'SIGSEGV');
        const core = join(folder, readdirSync(folder).find((name) => name.startsWith('core'))!);
        await checkCrash(pid, core, python);
      };
      return withTarget({ ...python, command }, { code: crashes }, crash, { args: [its] });
    });
  },
);

async function checkCrash(pid: number, core: string, python: TestPython): Promise<void> {
  const { processes } = await look({ core, ...placesOf(python) });
  const { threads, ...shown } = processes[0]!;
  assert.equal(shown.pid, pid);
  assert.equal(shown.commandLine.at(-2), crashes);
  assert.deepEqual(shown.core!.signal, { number: 11, name: 'SIGSEGV', threadId: pid, address: '0x10' });
  assert.deepEqual(
    threads.map(({ threadId, name, state, waitingFor }) => [threadId === pid, name, state, waitingFor]),
    [
      [true, 'MainThread', 'unknown', ''],
      [false, 'waiter', 'waiting', 'waiting for a lock'],
    ],
  );
  const frames = threads[0]!.frames.filter(({ kind }) => kind === 'python');
  assert.deepEqual(
    // One Python is started by a program of its own.
    frames.slice(0, 3).map(({ name, line }) => [name, name === 'string_at' ? 0 : line]),
    [
      ['string_at', 0],
      ['crashes', 9],
      ['<module>', 13],
    ],
  );
  assert.deepEqual(
    frames[1]!.variables!.map(({ name, value }) => [name, value]),
    [
      ['address', '16'],
      ['reason', "[None, {'key': 1.5}]"],
    ],
  );
  const { stdout } = await pyglass('dump', '-c', core, ...sysrootFlags(python));
  assert.match(stdout, new RegExp(`^Ended by SIGSEGV at address 0x10 in thread ${pid}$`, 'm'));
  assert.match(stdout, new RegExp(`^Thread ${pid} "MainThread": ended by SIGSEGV`, 'm'));
}

function sysrootFlags({ root }: TestPython): string[] {
  return root === '/' ? [] : ['--sysroot', root];
}
