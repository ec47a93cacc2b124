import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { supportedPythons } from '../../src/cpython/versions.js';
import { childrenOf } from '../../src/process/linux-process.js';
import { main } from '../support/command.js';
import { FlaskApp } from '../support/flask-app.js';
import { flaskPython, withPackages } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, eachPython, onPython2, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { freePort, programFile, withTarget } from '../support/targets.js';
import { unsupportedPython } from '../support/unsupported-python.js';
import { nobody, whyNotNobody } from '../support/users.js';

interface Row {
  readonly pid: number;
  readonly [field: string]: unknown;
}

async function rows(): Promise<Row[]> {
  const { status, stdout, stderr } = await pyglass('ps', '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout).processes;
}

async function rowOf(pid: number): Promise<Row> {
  const row = (await rows()).find((one) => one.pid === pid);
  assert.ok(row, `process ${pid} is not listed`);
  return row;
}

test('a script is listed with everything that is known of it', () =>
  withTarget(anyPython(), programFile('busy.py'), async ({ pid }) => {
    const row = await rowOf(pid);
    const { version, user, kind, role, what, state, readable, error } = row;
    assert.deepEqual(
      { version, kind, role, what, readable, error },
      {
        version: anyPython().version,
        kind: 'script',
        role: null,
        what: 'busy.py',
        readable: true,
        error: null,
      },
    );
    assert.equal(user, execFileSync('id', ['-un'], { encoding: 'utf8' }).trim());
    assert.equal(row['threads'], readdirSync(`/proc/${pid}/task`).length);
    assert.equal(row['parentPid'], process.pid);
    assert.match(String(state), /^[RSD]$/);
    assert.ok(Number(row['memoryBytes']) > 1 << 20);
    assert.ok(Number(row['uptimeSeconds']) >= 0);
    assert.ok(Number(row['cpuPercent']) >= 0);
    assert.equal((row['command'] as string[]).at(-1), anyPython().place(programFile('busy.py')));
  }));

const loader = '/lib64/ld-linux-x86-64.so.2';

test('a Python that something else runs, as the dynamic linker or an emulator, is listed by its own words', {
  skip: !existsSync(loader) && 'no such dynamic linker',
}, () => {
  const python = anyPython();
  const file = python.command.length === 1 && realpathSync(python.command[0]);
  assert.ok(file, 'the newest Python of this system itself');
  return withTarget({ ...python, command: [loader, file] }, programFile('busy.py'), async ({ pid }) => {
    const { version, kind, what, readable, executable } = await rowOf(pid);
    assert.deepEqual(
      { version, kind, what, readable, executable },
      {
        ...{ version: python.version, kind: 'script', what: 'busy.py', readable: true },
        executable: realpathSync(loader),
      },
    );
  });
});

test('the reloader of Flask and the process that serves are distinguished, one below the other', async () => {
  const app = await FlaskApp.start(flaskPython(anyPython()));
  try {
    const serving = childrenOf(app.pid)[0]!;
    const [above, below] = [await rowOf(app.pid), await rowOf(serving)];
    assert.deepEqual([above['kind'], above['role']], ['flask', 'reloader']);
    assert.deepEqual([below['kind'], below['role']], ['flask', 'serving']);
    assert.equal(below['pythonParentPid'], app.pid);
    const { stdout } = await pyglass('ps');
    const lines = stdout.split('\n');
    const at = lines.findIndex((line) => line.trim().startsWith(`${app.pid} `));
    assert.match(lines[at]!, /Flask reloader: slow_app\.py$/);
    assert.match(lines[at + 1]!, new RegExp(`^ *${serving} .*└─ Flask, serving: slow_app\\.py$`));
  } finally {
    await app.stop();
  }
});

test("gunicorn's arbiter and its workers are distinguished", async () => {
  const { python, env } = withPackages(anyPython(), ['gunicorn']);
  const port = await freePort();
  const folder = dirname(python.place(programFile('hello_wsgi.py')));
  const args = ['-w', '2', '-b', `127.0.0.1:${port}`, '--chdir', folder];
  const quiet = ['--log-level', 'critical', 'hello_wsgi:app'];
  await withTarget(
    python,
    { module: 'gunicorn' },
    async (target) => {
      assert.equal(await target.line(), 'ready');
      const listed = await rows();
      const arbiter = listed.find(({ pid }) => pid === target.pid)!;
      assert.equal(arbiter['what'], 'gunicorn arbiter: hello_wsgi:app');
      const workers = listed.filter((row) => row['pythonParentPid'] === target.pid);
      assert.deepEqual(
        workers.map(({ kind, role }) => [kind, role]),
        [
          ['gunicorn', 'worker'],
          ['gunicorn', 'worker'],
        ],
      );
    },
    { args: [...args, ...quiet], env },
  );
});

test('a shell between two Pythons does not hide that one started the other', async () => {
  const python = anyPython();
  const inner = `${python.command.join(' ')} -c 'print("ready", flush=True); input()'; exit 0`;
  const code = `import os; os.system(${JSON.stringify(inner)})`;
  await withTarget(python, { code }, async (target) => {
    const child = (await rows()).find((row) => row['pythonParentPid'] === target.pid)!;
    assert.equal(child['what'], 'python -c print("ready", flush=True); input()');
    assert.notEqual(child['parentPid'], target.pid);
  });
});

eachPython('an interpreter of another name is found, with its version', async (python) => {
  const { interpreter, env, remove } = renamed(python);
  try {
    await withTarget(
      interpreter,
      programFile('busy.py'),
      async ({ pid }) => {
        const row = await rowOf(pid);
        assert.deepEqual([row['version'], row['what']], [python.version, 'busy.py']);
        assert.match(String(row['executable']), /\/engine$/);
      },
      { env },
    );
  } finally {
    remove();
  }
});

/** A copy of the interpreter that has nothing of Python in its name. */
function renamed(python: TestPython): {
  interpreter: TestPython;
  env: NodeJS.ProcessEnv;
  remove: () => void;
} {
  const [file, ...words] = python.command;
  const code = 'import os, sys; print(os.path.realpath(sys.executable)); print(sys.base_prefix)';
  const [executable, prefix] = execFileSync(file, [...words, '-c', code], { encoding: 'utf8' }).split('\n');
  const folder = mkdtempSync(join(python.root, 'tmp', 'renamed-'));
  const copy = join(folder, 'engine');
  copyFileSync(join(python.root, executable!), copy);
  chmodSync(copy, 0o755);
  const inside = python.root === '/' ? copy : copy.slice(python.root.replace(/\/$/, '').length);
  const command = [...python.command.slice(0, -1), inside] as unknown as TestPython['command'];
  return {
    interpreter: { ...python, command },
    env: { ...process.env, PYTHONHOME: prefix! },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

test('a Python of another version is listed, with the reason why it cannot be recorded', (context) =>
  withFolder(async (folder) => {
    const old = unsupportedPython(folder);
    if (typeof old === 'string') return context.skip(old);
    const child = spawn(
      old.file,
      ['-c', 'import sys; print("ready"); sys.stdout.flush(); sys.stdin.read()'],
      {
        ...{ env: old.env, stdio: ['pipe', 'pipe', 'inherit'] },
      },
    );
    try {
      await once(child.stdout, 'data');
      const row = await rowOf(child.pid!);
      assert.equal(row['version'], old.version);
      assert.equal((row['error'] as { code: string }).code, 'python-unsupported');
      assert.ok((await pyglass('ps')).stderr.includes(`pyglass reads ${supportedPythons()}`));
    } finally {
      child.kill('SIGKILL');
    }
  }));

onPython2('Python 2 is listed as others are', (python) =>
  withTarget(
    python,
    { code: 'print("ready"); import sys; sys.stdout.flush(); sys.stdin.read()' },
    async ({ pid }) => {
      const row = await rowOf(pid);
      assert.deepEqual([row['version'], row['error'] ?? null], [python.version, null]);
    },
  ),
);

test('what belongs to another user is listed by its name, with the reason', { skip: whyNotNobody }, () =>
  withTarget(anyPython(), programFile('busy.py'), async ({ pid }) => {
    const run = (...flags: string[]) =>
      spawnSync(process.execPath, [main, 'ps', ...flags], { uid: nobody, gid: nobody, encoding: 'utf8' });
    const row = (JSON.parse(run('--json').stdout).processes as Row[]).find((one) => one.pid === pid)!;
    assert.deepEqual([row['what'], row['readable']], ['busy.py', false]);
    assert.equal((row['error'] as { code: string }).code, 'permission-other-user');
    const { status, stdout, stderr } = run();
    assert.equal(status, 0);
    assert.match(stdout, /busy\.py \[another user's\]/);
    assert.match(stderr, /belongs to user 0, pyglass runs as user 65534.*\nRun it as root:\n/);
  }),
);

test('the brief form says the pid and what it is', () =>
  withTarget(anyPython(), programFile('busy.py'), async ({ pid }) => {
    const { stdout } = await pyglass('ps', '--brief');
    assert.ok(stdout.split('\n').includes(`${pid}\tbusy.py`), stdout);
  }));

test('names that would steer a terminal are shown, not obeyed', () =>
  withTarget(
    anyPython(),
    { code: 'print("ready", flush=True); input() # \x1b]0;title\x07\u202e' },
    async ({ pid }) => {
      const { stdout } = await pyglass('ps');
      const line = stdout.split('\n').find((one) => one.trim().startsWith(`${pid} `))!;
      assert.match(line, /python -c print\("ready", flush=True\); input\(\) # .*⟨U\+202E⟩$/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\u202e]/);
    },
  ));
