import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { test } from 'node:test';
import type { DoctorReport } from '../../src/index.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { anyPython, eachPython, onPython2 } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { withoutProcessVmReadv } from '../support/seccomp.js';
import { programFile, type Target, withTarget } from '../support/targets.js';
import { nobody, pyglassBy, whyNotNobody, whyNotWithout, without } from '../support/users.js';

const python = anyPython();

function reportOf(stdout: string): DoctorReport {
  return JSON.parse(stdout);
}

function findingOf({ machine, process, pythons }: DoctorReport, id: string) {
  const all = [process, pythons, machine].flatMap((part) => part?.findings ?? []);
  return all.find((finding) => finding.id === id)!;
}

eachPython('doctor says which Python it is and that it can be recorded', (one) =>
  withTarget(one, programFile('busy.py'), async ({ pid }) => {
    const { status, stdout, stderr } = await pyglass('doctor', '--json', '--pid', String(pid));
    assert.equal(status, 0, stdout + stderr);
    const report = reportOf(stdout);
    const { python: found, reads, command, executableDeleted } = report.process!;
    assert.equal(found?.version, one.version);
    const ways = one.minor <= 6 ? ['static variables'] : ['section', 'exported symbol', 'symbol table'];
    assert.ok(ways.includes(found.foundBy), found.foundBy);
    assert.equal(found.debugBuild, false);
    assert.ok(found.deepestStack > 0 && found.threads > 0 && found.milliseconds > 0, stdout);
    assert.deepEqual(reads, { processVmReadv: 'ok', procMem: 'ok' });
    assert.equal(executableDeleted, false);
    assert.ok(command.some((word) => word.endsWith('busy.py')));
    assert.equal(report.next, `pyglass record -o profile.svg --pid ${pid}`);
  }),
);

onPython2('doctor says how Python 2 was found', (one) =>
  withTarget(one, programFile('python2/stacks.py'), async ({ pid }) => {
    const { status, stdout, stderr } = await pyglass('doctor', '--json', '--pid', String(pid));
    assert.equal(status, 0, stdout + stderr);
    const { version, foundBy, threads } = reportOf(stdout).process!.python!;
    assert.deepEqual([version, foundBy, threads], [one.version, 'static variables', 7]);
  }),
);

test('the text ends with the next command, and has nothing secret in it', () =>
  withTarget(
    python,
    programFile('busy.py'),
    async ({ pid }) => {
      const { status, stdout } = await pyglass('doctor', '--pid', String(pid));
      assert.equal(status, 0, stdout);
      assert.match(stdout, new RegExp(`\\nNext:\\n {2}pyglass record -o profile\\.svg --pid ${pid}\\n$`));
      assert.doesNotMatch(stdout, /hunter2|of-the-environment/);
      // A home of root that is called so is no name.
      if (homedir() !== '/') assert.ok(!stdout.includes(`${homedir()}/`), stdout);
    },
    {
      args: ['--password', 'hunter2-and-more'],
      env: { ...process.env, HINT: 'of-the-environment' },
    },
  ));

test('without a process it is about the machine', () =>
  withTarget(python, programFile('busy.py'), async () => {
    const { stdout } = await pyglass('doctor', '--json');
    const { machine, pythons, process } = reportOf(stdout);
    assert.equal(process, null);
    assert.ok(pythons!.found >= 1 && pythons!.readable >= 1);
    assert.deepEqual(machine.ownReads, { processVmReadv: 'ok', procMem: 'ok' });
    assert.equal(machine.node, globalThis.process.versions.node);
    assert.match(
      (await pyglass('doctor')).stdout,
      /\nPython processes\n {2}(ok {2}|note) {2}\d+ Python process/,
    );
  }));

test(
  'threads that go on after the main thread, and stopped ones, are read',
  {
    skip: python.root === '/' ? false : 'its /proc is not there',
  },
  () =>
    withTarget(python, programFile('leaves_main.py'), async (target) => {
      target.say('leave');
      assert.equal(await target.line(), 'alone');
      process.kill(target.pid, 'SIGSTOP');
      const { status, stdout } = await pyglass('doctor', '--json', '--pid', String(target.pid));
      assert.equal(status, 0, stdout);
      const { state, executable, python: found } = reportOf(stdout).process!;
      assert.equal(state, 'Z');
      assert.ok(executable !== null && found !== null && found.deepestStack > 0, stdout);
      assert.deepEqual(found.shows, { threadStates: true, cpuTimes: true, cFunctions: true });
    }),
);

/** `act` gets the report of a process by somebody else. */
async function examinedBy(
  who: Parameters<typeof pyglassBy>[0],
  act: (report: DoctorReport, status: number, target: Target) => void,
): Promise<void> {
  await withTarget(python, programFile('busy.py'), async (target) => {
    const { status, stdout } = pyglassBy(who, 'doctor', '--json', '--pid', String(target.pid));
    act(reportOf(stdout), status, target);
  });
}

test('as root without SYS_PTRACE it says what lacks', { skip: whyNotWithout }, () =>
  examinedBy(without('sys_ptrace'), (report, status) => {
    assert.equal(status, 4);
    assert.equal(report.exitStatus, 4);
    assert.deepEqual([report.machine.hasSysPtrace, report.machine.mayHaveSysPtrace], [false, false]);
    assert.equal(findingOf(report, 'rights').level, 'note');
    assert.equal(findingOf(report, 'readable').code, 'permission-capability');
    assert.deepEqual(report.process!.reads, { processVmReadv: 'EPERM', procMem: 'EACCES' });
  }),
);

test('as another user it says so, and ends with the command for root', { skip: whyNotNobody }, () =>
  examinedBy({ uid: nobody }, (report, status, { pid }) => {
    assert.equal(status, 4);
    assert.equal(report.machine.uid, nobody);
    assert.equal(report.process!.hasOurIds, false);
    assert.equal(findingOf(report, 'readable').code, 'permission-other-user');
    assert.equal(report.next, `sudo env "PATH=$PATH" pyglass record --pid ${pid}`);
  }),
);

test(
  'under a filter of process_vm_readv it says which way works',
  {
    skip: python.root === '/' ? false : 'this Python is in a chroot',
  },
  () =>
    examinedBy({ before: [...python.command, '-c', withoutProcessVmReadv] }, (report, status) => {
      assert.equal(status, 0);
      assert.equal(report.machine.seccomp, 2);
      assert.equal(report.machine.noNewPrivileges, true);
      assert.deepEqual(report.machine.ownReads, { processVmReadv: 'EPERM', procMem: 'ok' });
      assert.equal(findingOf(report, 'reading').level, 'note');
      assert.equal(report.process!.python!.readBy, '/proc/PID/mem');
    }),
);

test('where koffi cannot be loaded that is what it says', () =>
  withFolder(async (folder) => {
    const file = `${folder}/without-koffi.cjs`;
    writeFileSync(
      file,
      `const modules = require('node:module'), load = modules._load;
       modules._load = (name, ...rest) => { if (name === 'koffi') throw new Error('no koffi here'); return load(name, ...rest); };`,
    );
    const run = new Pyglass(['doctor', '--json', '--pid', '1'], {
      ...process.env,
      NODE_OPTIONS: `--require ${file}`,
    });
    const { status, stdout } = await run.outcome();
    assert.equal(status, 3, stdout);
    const report = reportOf(stdout);
    assert.equal(findingOf(report, 'koffi').code, 'koffi-missing');
    assert.match(findingOf(report, 'koffi').text, /no koffi here/);
    assert.equal(report.process, null);
  }));

test('what is no Python, or is not there, has the status of other commands', async () => {
  const node = await pyglass('doctor', '--json', '--pid', String(process.pid));
  assert.equal(node.status, 3);
  assert.match(findingOf(reportOf(node.stdout), 'readable').text, /is not Python but Node\.js/);
  const gone = await pyglass('doctor', '--json', '--pid', '4194305');
  assert.equal(gone.status, 3);
  const { process: none, next } = reportOf(gone.stdout);
  assert.deepEqual([none!.exists, none!.python, next], [false, null, 'pyglass ps']);
});

test('every field of the JSON is documented', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    const document = readFileSync(new URL('../../../docs/doctor-json.md', import.meta.url), 'utf8');
    const missing = new Set<string>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, item] of Object.entries(value)) {
        const name = new RegExp(`[\`.]${key}\``);
        if (!Array.isArray(value) && key !== 'version' && !name.test(document)) missing.add(key);
        visit(item);
      }
    };
    for (const words of [[], ['--pid', String(pid)]])
      visit(reportOf((await pyglass('doctor', '--json', ...words)).stdout));
    assert.deepEqual([...missing], []);
  }));
