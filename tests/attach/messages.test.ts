import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { PsReport } from '../../src/index.js';
import { mappedImages } from '../../src/process/linux-process.js';
import { attach } from '../../src/sampler/attach.js';
import { main } from '../support/command.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython, eachBuild, eachPython, type TestPython } from '../support/pythons.js';
import { parseRaw, untilGrown, withFolder } from '../support/recordings.js';
import { programFile, Target, withTarget } from '../support/targets.js';
import { nobody, pyglassBy, whyNotNobody, whyNotWithout, without } from '../support/users.js';

const python = anyPython();
const toOutput = ['-o', '-', '-f', 'raw'];
const commands: readonly (readonly [string, ...string[]])[] = [
  ['dump'],
  ['record', '-d', '0.2', ...toOutput],
  ['top', '--once', '-d', '0.2'],
];

for (const words of commands) {
  const [command] = words;
  test(`${command} as root without SYS_PTRACE says which capability lacks`, { skip: whyNotWithout }, () =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const { status, stderr } = pyglassBy(without('sys_ptrace'), ...words, '--pid', String(pid));
      assert.equal(status, 4, stderr);
      assert.match(stderr, /lacks the capability SYS_PTRACE/);
    }),
  );

  test(`${command} as another user names ${command} in its remedy`, { skip: whyNotNobody }, () =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      const { status, stderr } = pyglassBy({ uid: nobody }, ...words, '--pid', String(pid));
      assert.equal(status, 4, stderr);
      assert.match(stderr, new RegExp(`\\n  sudo env "PATH=\\$PATH" pyglass ${command} --pid ${pid}\\n$`));
    }),
  );

  test(`${command} on a parent of a Python names ${command} in its remedy`, () =>
    withShellAbove(async (shell) => {
      const { status, stderr } = await pyglass(...words, '--pid', String(shell));
      assert.equal(status, 3, stderr);
      assert.match(stderr, new RegExp(`\\n  pyglass ${command} -s --pid ${shell}\\n$`));
    }));
}

async function withShellAbove(act: (pid: number) => Promise<void>): Promise<void> {
  const words = [...python.command, '-c', "'import sys; print(1, flush=True); sys.stdin.read()'"].join(' ');
  const shell = spawn('sh', ['-c', `${words}; exit 0`], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(shell.stdout, 'data');
    await act(shell.pid!);
  } finally {
    // What it started ends with its input.
    shell.kill('SIGKILL');
    shell.stdin.end();
  }
}

const kernelThread = (() => {
  try {
    return readFileSync('/proc/2/stat', 'utf8').startsWith('2 (kthreadd)')
      ? undefined
      : 'process 2 is another';
  } catch {
    return 'no threads of the kernel are shown here';
  }
})();
test('a thread of the kernel is one for every user', { skip: kernelThread ?? whyNotNobody }, () => {
  for (const by of [{ before: [] }, { uid: nobody }])
    assert.match(pyglassBy(by, 'dump', '--pid', '2').stderr, /process 2 is a kernel thread/);
});

/** Starts a command where /proc is another one. */
function inNamespace(mount: string): { readonly before: readonly string[] } {
  return { before: ['unshare', '--mount', 'sh', '-c', `${mount} && exec "$@"`, 'sh'] };
}
const hidden = inNamespace('mount -t proc -o hidepid=2 proc /proc');
const asNobody = ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
const whyNotMount =
  whyNotNobody ??
  (spawnSync(hidden.before[0]!, [...hidden.before.slice(1), 'true']).status === 0
    ? undefined
    : 'nothing can be mounted here');

test('a process that /proc hides is not said to be gone', { skip: whyNotMount }, () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const { status, stderr } = pyglassBy(
      { before: [...hidden.before, ...asNobody] },
      ...['dump', '--pid', String(pid)],
    );
    assert.equal(status, 4, stderr);
    assert.match(stderr, /hidepid/);
    assert.match(pyglassBy(hidden, 'dump', '--pid', '4194305').stderr, /there is no process/);
  }),
);

test('without /proc that is what is said', { skip: whyNotMount }, () => {
  const none = inNamespace('mount -t tmpfs none /proc');
  for (const words of [['dump', '--pid', '1'], ['record', '--pid', '1', ...toOutput], ['ps']]) {
    const { status, stderr } = pyglassBy(none, ...words);
    assert.equal(status, 4, stderr);
    assert.match(stderr, /\/proc is not mounted/);
  }
});

const ownRoot = (one: TestPython) => (one.root === '/' ? undefined : 'it runs where /proc is not');

eachPython('a program whose main thread has ended is read as before', (one, context) => {
  const why = ownRoot(one);
  if (why !== undefined) return context.skip(why);
  return withTarget(one, programFile('leaves_main.py'), async (target) => {
    target.say('leave');
    assert.equal(await target.line(), 'alone');
    const pid = String(target.pid);
    const dumped = await pyglass('dump', '--pid', pid);
    assert.equal(dumped.status, 0, dumped.stderr);
    assert.match(dumped.stdout, /"other".*\n(.*\n)*? +alone \(leaves_main\.py/);
    const listed = JSON.parse((await pyglass('ps', '--json')).stdout).processes;
    const row = listed.find((process: { pid: number }) => process.pid === target.pid);
    assert.deepEqual([row?.readable, row?.version], [true, one.version]);
    assert.notEqual(row.state, 'Z');
    assert.ok(row.memoryBytes > 0);
    const { status, stdout, stderr } = await pyglass('record', '--pid', pid, '-d', '0.5', ...toOutput);
    assert.equal(status, 0, stderr);
    assert.ok(
      parseRaw(stdout).some(({ names }) => names.includes('alone')),
      stdout,
    );
  });
});

for (const way of ['', 'proc']) {
  test(`recording goes on when the main thread ends${way && ', through /proc/PID/mem'}`, () =>
    withFolder((folder) =>
      withTarget(python, programFile('leaves_main.py'), async (target) => {
        const file = `${folder}/run.pyglass`;
        const env = { ...process.env, PYGLASS_MEMORY: way };
        const run = new Pyglass(['record', '--pid', String(target.pid), '-d', '60', '-o', file], env);
        try {
          await run.said(/Recording/);
          target.say('leave');
          assert.equal(await target.line(), 'alone');
          // The first may have been sampled before.
          for (let block = 0; block < 2; block++) await untilGrown(file);
          run.child.kill('SIGINT');
          const { status, stderr } = await run.outcome();
          assert.equal(status, 0, stderr);
          assert.doesNotMatch(stderr, /Also recording/);
          const { stdout } = await pyglass('report', file, ...toOutput);
          assert.ok(
            parseRaw(stdout).some(({ names }) => names.includes('alone')),
            stdout,
          );
        } finally {
          await run.stop();
        }
      }),
    ));
}

const notStarted = /has Python loaded, but no interpreter runs in it: it has not started yet\n/;
const finalized = /has finalized its Python: it is ending, or goes on without Python\n/;

eachPython('a Python that is loaded and not started is said to be so', (one, context) =>
  withTarget(one, { code: 'print("ready", flush=True); input()' }, async ({ pid }) => {
    const library = mappedImages(pid).find(({ path }) => /libpython3\.\d+\.so/.test(path))?.path;
    if (library === undefined) return context.skip('it has no library');
    const other = spawn('sleep', ['60'], { env: { ...process.env, LD_PRELOAD: library }, stdio: 'ignore' });
    try {
      await once(other, 'spawn');
      for (const words of commands.slice(0, 2)) {
        const { status, stderr } = await pyglass(...words, '--pid', String(other.pid));
        assert.equal(status, 3, stderr);
        assert.match(stderr, notStarted);
      }
    } finally {
      other.kill('SIGKILL');
    }
  }),
);

eachBuild('a Python that has been finalized is reported so, not as one that is starting', async (one) => {
  // What the C library runs at the end comes after Python's own end, what was registered last first.
  const code = `import ctypes
libc = ctypes.CDLL(None)
libc.strdup.restype = ctypes.c_void_p
libc.__cxa_atexit(libc.pause, None, None)
libc.__cxa_atexit(libc.fflush, None, None)
libc.__cxa_atexit(libc.puts, ctypes.c_void_p(libc.strdup(b"ready")), None)
`;
  const target = await Target.start(one, { code });
  try {
    const { status, stderr } = await pyglass('dump', '--pid', String(target.pid));
    assert.equal(status, 3, stderr);
    assert.match(stderr, finalized);
    const { processes }: PsReport = JSON.parse((await pyglass('ps', '--json')).stdout);
    const { error } = processes.find(({ pid }) => pid === target.pid)!;
    assert.equal(error?.code, 'python-finalized');
  } finally {
    await target.stop();
  }
});

eachBuild('dump shows that Python is ending, and what runs then', async (one) => {
  // The names of the module are gone by then.
  const code = `
import os, time
class Last:
    def __del__(self, write=os.write, sleep=time.sleep):
        write(1, b'ready\\n')
        sleep(1000)
last = Last()
`;
  const target = await Target.start(one, { code });
  try {
    const { stdout } = await pyglass('dump', '--pid', String(target.pid));
    assert.match(stdout, /^Python is ending: its interpreter is being finalized$/m);
    assert.match(stdout, /^ {4}__del__|^ {4}Last\.__del__/m);
  } finally {
    await target.stop();
  }
});

test('a Python that is about to start is waited for', () => {
  const words = ['-c', 'sleep 0.2; exec "$@"', 'sh', ...python.command, programFile('busy.py')];
  const shell = spawn('sh', words, { stdio: 'ignore' });
  try {
    const { live, location } = attach(shell.pid!, { patience: 60_000 });
    live.close();
    assert.equal(location.version, python.version);
  } finally {
    shell.kill('SIGKILL');
  }
});

for (const words of commands.slice(1)) {
  test(`${words[0]} says that a program is stopped`, () =>
    withTarget(python, programFile('busy.py'), async ({ pid }) => {
      process.kill(pid, 'SIGSTOP');
      const { status, stderr } = await pyglass(...words, '--pid', String(pid));
      assert.equal(status, 0, stderr);
      assert.equal(stderr.match(/is stopped \(SIGSTOP or Ctrl-Z\)/g)?.length, 1, stderr);
      process.kill(pid, 'SIGCONT');
      const goesOn = await pyglass(...words, '--pid', String(pid));
      assert.doesNotMatch(goesOn.stderr, /stopped/);
    }));
}

eachPython(
  'a name that is cut ends in an ellipsis',
  async (one) => {
    const code = `
def f():
    print("ready", flush=True); input()
f.__code__ = f.__code__.replace(co_name="n" * 10000, co_filename="/" + "p" * 10000)
if hasattr(f.__code__, "co_qualname"): f.__code__ = f.__code__.replace(co_qualname="q" * 10000)
f()`;
    await withTarget(one, { code }, async ({ pid }) => {
      const { stdout } = await pyglass('dump', '--json', '--pid', String(pid));
      const frames = JSON.parse(stdout).processes[0].threads[0].frames as Record<string, string>[];
      const frame = frames.find(({ name }) => name?.startsWith('nnn'))!;
      for (const key of ['name', 'qualifiedName', 'file']) assert.match(frame[key]!, /^.{4096}…$/, key);
      const raw = await pyglass('record', '-i', '--pid', String(pid), '-d', '0.2', ...toOutput);
      assert.match(raw.stdout, /[nq]{900,}… \(…p+…/);
    });
  },
  { since: 8, what: 'code.replace()' },
);

test('messages that nobody can read end nothing', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    for (const [words, status] of [
      [['record', '-d', '0.3', '-o', '/dev/null', '-p', `${pid}`], 0],
      [['dump', '-p', '4194000'], 3],
    ] as const) {
      const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
      child.stderr.destroy();
      assert.deepEqual(await once(child, 'exit'), [status, null], words[0]);
    }
  }));
