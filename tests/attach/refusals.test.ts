import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { attach } from '../../src/sampler/attach.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { withoutProcessVmReadv } from '../support/seccomp.js';
import { programFile, withTarget } from '../support/targets.js';
import { nobody, pyglassBy, whyNotNobody } from '../support/users.js';

const python = anyPython();

/** Starts a program, waits for a line of it where it prints one, and ends it in the end. */
async function withProgram(
  [file, ...words]: readonly [string, ...string[]],
  prints: boolean,
  act: (pid: number) => Promise<void> | void,
): Promise<void> {
  const program: ChildProcess = spawn(file, words, { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    await once(program, 'spawn');
    if (prints) await once(program.stdout!, 'data');
    await act(program.pid!);
  } finally {
    program.kill('SIGKILL');
    program.stdin!.destroy();
  }
}

async function refused(pid: number, message: RegExp, remedy: RegExp): Promise<void> {
  const { status, stderr } = await pyglass('dump', '--pid', String(pid));
  assert.equal(status, 3, stderr);
  assert.match(stderr, message);
  assert.match(stderr, remedy);
}

/** The file behind a command; `undefined` where it is not installed. */
function installed(command: string): string | undefined {
  const found = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).stdout.trim();
  return found === '' ? undefined : realpathSync(found);
}

test('Node.js is named, and what profiles it', () =>
  withProgram(
    [process.execPath, '-e', 'console.log("ready"); process.stdin.resume()', 'python3.py'],
    true,
    (pid) => refused(pid, /is not Python but Node\.js: /, /node --cpu-prof/),
  ));

// It waits for a program to format.
const go = installed('go');
const gofmt = go && join(dirname(go), 'gofmt');
test('Go is named, and what profiles it', { skip: gofmt && existsSync(gofmt) ? false : 'no Go here' }, () =>
  withProgram([gofmt!], false, (pid) =>
    refused(pid, /is not Python but Go: /, new RegExp(`perf record -g -p ${pid}\\n`)),
  ),
);

const java = installed('java');
test('Java is named, and what profiles it', { skip: java ? false : 'no Java here' }, () =>
  withFolder((folder) => {
    const file = `${folder}/Waits.java`;
    writeFileSync(
      file,
      `public class Waits { public static void main(String[] a) throws Exception { System.out.println("ready"); System.in.read(); } }`,
    );
    return withProgram([java!, '-Xshare:auto', '-XX:TieredStopAtLevel=1', file], true, (pid) =>
      refused(pid, /is not Python but Java: /, new RegExp(`jcmd ${pid} JFR\\.start`)),
    );
  }),
);

test(
  'PyPy is named, whatever its file is called',
  { skip: installed('cc') ? false : 'no C compiler here' },
  () =>
    withFolder((folder) => {
      const [source, file] = [`${folder}/engine.c`, `${folder}/engine`];
      const code = 'int pypy_main_startup(void) { return 0; } int main(void) { return pause(); }';
      writeFileSync(source, `int pause(void); ${code}\n`);
      const made = spawnSync('cc', ['-rdynamic', '-Wl,--hash-style=both', '-o', file, source], {
        encoding: 'utf8',
      });
      assert.equal(made.status, 0, made.stderr);
      return withProgram([file], false, (pid) =>
        refused(pid, /is PyPy, and pyglass reads CPython/, /Run the program with CPython/),
      );
    }),
);

test('a program that is only called like PyPy is none', () =>
  withFolder((folder) => {
    const file = `${folder}/pypy3.10-c`;
    copyFileSync('/bin/sleep', file);
    chmodSync(file, 0o755);
    return withProgram([file, '60'], false, (pid) => refused(pid, /is not Python: /, /pyglass ps/));
  }));

test('a zombie has a parent that did not notice', () => {
  const code = `
import os
child = os.fork()
if child == 0: os._exit(0)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
print("ready", flush=True)
print(child, flush=True)
input()
`;
  return withTarget(python, { code }, async (target) => {
    const child = Number(await target.line());
    await refused(child, /has ended \(it is a zombie\)/, new RegExp(`Its parent, process ${target.pid}, `));
  });
});

test('a process that ends while it is waited for is said to have ended', () =>
  withFolder((folder) => {
    // By its name it may become a Python yet.
    const file = `${folder}/python3`;
    copyFileSync('/bin/sleep', file);
    chmodSync(file, 0o755);
    return withProgram([file, '0.3'], false, (pid) =>
      assert.throws(
        () => attach(pid, { patience: 60_000 }),
        /process \d+ ended while pyglass attached to it/,
      ),
    );
  }));

const asNobody = ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
/** That of the distribution, where ours lies in a folder of ours. */
const nobodysPython = [python.command, ['/usr/bin/python3']].find(
  (command) =>
    spawnSync(asNobody[0]!, [...asNobody.slice(1), ...command, '-c', ''], { cwd: '/' }).status === 0,
);
const whyNotNobodysPython =
  whyNotNobody ?? (nobodysPython ? undefined : 'another user can run no Python here');

test('a process that is not dumpable is protected, from its own user too', {
  skip: whyNotNobodysPython,
}, () => {
  const nobodys: TestPython = {
    ...python,
    command: [asNobody[0]!, ...asNobody.slice(1), ...nobodysPython!],
  };
  const code = 'import ctypes; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); print("ready", flush=True); input()';
  return withTarget(nobodys, { code }, async ({ pid }) => {
    const { status, stderr } = pyglassBy({ uid: nobody }, 'dump', '--pid', String(pid));
    assert.equal(status, 4, stderr);
    assert.match(stderr, /is protected from being read: it is not dumpable/);
    assert.match(stderr, /sudo env/);
    // Root may.
    const { stdout } = await pyglass('dump', '--pid', String(pid));
    assert.match(stdout, /<module> \(<string>:1\)/);
  });
});

test("another user's process is read with SYS_PTRACE alone", { skip: whyNotNobody }, () => {
  const before = [...asNobody, '--inh-caps', '+sys_ptrace', '--ambient-caps', '+sys_ptrace'];
  return withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { status, stdout, stderr } = pyglassBy({ before }, 'dump', '--pid', String(pid));
    assert.equal(status, 0, stderr);
    assert.match(stdout, /busy\.py/);
  });
});

/** Starts a command within other namespaces. */
function unshared(...kinds: string[]): { readonly before: readonly string[] } {
  return { before: ['unshare', ...kinds] };
}
function whyNot({ before }: { readonly before: readonly string[] }): string | undefined {
  const { status } = spawnSync(before[0]!, [...before.slice(1), 'true']);
  return status === 0 ? undefined : 'namespaces cannot be made here';
}
const inUserNamespace = unshared('--user', '--map-root-user');

test('root of a user namespace is said to have no say outside of it', { skip: whyNot(inUserNamespace) }, () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { status, stderr } = pyglassBy(inUserNamespace, 'dump', '--pid', String(pid));
    assert.equal(status, 4, stderr);
    assert.match(stderr, /is outside the user namespace of pyglass/);
  }),
);

const ownPids = unshared('--pid', '--fork', '--kill-child');
const whyNotOwnPids = whyNot(ownPids) ?? (python.root === '/' ? undefined : 'this Python is in a chroot');

test('where /proc is that of another pid namespace, nothing is read by its ids', {
  skip: whyNotOwnPids,
}, () => {
  const started = ['record', '-d', '0.1', '-o', '-', '-f', 'raw', '--', ...python.command, '-c', 'pass'];
  for (const words of [['ps'], ['dump', '--pid', '1'], started]) {
    const { status, stderr } = pyglassBy(ownPids, ...words);
    assert.equal(status, 4, stderr);
    assert.match(stderr, /\/proc is that of another pid namespace/);
  }
  const examined = pyglassBy(ownPids, 'doctor');
  assert.equal(examined.status, 4);
  assert.match(examined.stdout, /FAIL {2}\/proc is that of another pid namespace/);
  const right = { before: [...ownPids.before, '--mount-proc'] };
  assert.equal(pyglassBy(right, 'ps').status, 0);
  const container = pyglassBy(right, 'dump', '--pid', '4194305').stderr;
  assert.match(container, /Only processes of this container are seen, by their ids in it/);
});

test("a container's id of a process is translated", { skip: whyNotOwnPids }, () => {
  const inside: TestPython = {
    ...python,
    command: [ownPids.before[0]!, ...ownPids.before.slice(1), ...python.command],
  };
  // A child that gets an id which no process here has.
  const code = `
import os, sys
with open("/proc/sys/kernel/ns_last_pid", "w") as last: last.write(str(int(sys.argv[1]) - 1))
child = os.fork()
if child == 0:
    while True: input()
print("ready", flush=True)
print(child, flush=True)
input()
`;
  const free = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8')) - 17;
  return withTarget(
    inside,
    { code },
    async (target) => {
      const inner = Number(await target.line());
      const { status, stderr } = await pyglass('dump', '--pid', String(inner));
      assert.equal(status, 3, stderr);
      assert.match(
        stderr,
        new RegExp(`there is no process ${inner}; in a container here, process \\d+ has that id`),
      );
      const outer = /pyglass dump --pid (\d+)\n$/.exec(stderr)?.[1];
      const dumped = await pyglass('dump', '--pid', outer!);
      assert.equal(dumped.status, 0, dumped.stderr);
      assert.match(dumped.stdout, /<module> \(<string>:\d+\)/);
      // The first one has the id 1, which is another program here.
      const first = await pyglass('dump', '--pid', '1');
      if (/is not Python/.test(first.stderr))
        assert.match(
          first.stderr,
          /In a container, process 1 is another one, which is Python:\n {2}pyglass dump --pid \d+/,
        );
    },
    { args: [String(free)] },
  );
});

test('where process_vm_readv is filtered, /proc/PID/mem serves', async () => {
  if (python.root !== '/') return;
  await withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const before = [...python.command, '-c', withoutProcessVmReadv];
    const { status, stdout, stderr } = pyglassBy({ before }, 'dump', '--pid', String(pid));
    assert.equal(status, 0, stderr);
    assert.match(stdout, /busy\.py/);
  });
});
