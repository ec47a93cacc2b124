import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { elf, runtime } from '../support/made-elf.js';
import { pyglass } from '../support/pyglass.js';
import { withFolder } from '../support/recordings.js';
import { repository, textOf } from '../support/repository.js';

/** What users run. */
const main = join(repository, JSON.parse(textOf('package.json')).bin.pyglass);

/**
 * As pyglass would run where Node names the machine so. `loads`: what calls the kernel can be loaded there, as where
 * npm installed what belongs to that machine.
 */
function runsAs(platform: string, arch: string, loads: boolean, ...words: string[]) {
  const names = JSON.stringify({ platform, arch });
  const first = loads ? `import '${import.meta.resolve('koffi')}';` : '';
  const pretend = `${first}for (const [name, value] of Object.entries(${names})) Object.defineProperty(process, name, { value })`;
  return spawnSync(
    process.execPath,
    [`--import=data:text/javascript,${encodeURI(pretend)}`, main, ...words],
    {
      encoding: 'utf8',
    },
  );
}

for (const [platform, arch, name] of [
  ['linux', 'arm', 'Linux on 32-bit ARM'],
  ['linux', 'ia32', 'Linux on 32-bit x86'],
  ['darwin', 'arm64', 'macOS on ARM64'],
  ['win32', 'x64', 'Windows on x86-64'],
  ['linux', 'riscv64', 'Linux on riscv64'],
] as const) {
  test(`where Node is one for ${name}, pyglass is refused`, () => {
    for (const loads of [true, false]) {
      const { status, stdout, stderr } = runsAs(platform, arch, loads, 'ps', '--json');
      assert.match(stderr, new RegExp(`^pyglass: pyglass needs .* as one for ${name}\\n[^\\n]+\\n$`));
      assert.equal(stdout, '');
      assert.equal(status, 3);
    }
  });
}

test('on another machine every command that reads processes is refused, and no other', () => {
  const pid = ['--pid', `${process.pid}`];
  for (const words of [
    ['dump', ...pid],
    ['top', '--once', '-d', '0.1', ...pid],
    ['record', '-d', '0.1', '-o', '-', ...pid],
    ['record', '-o', '-', '--', 'true'],
    ['live', '--no-open', ...pid],
    ['agent', '--folder', '/nonexistent'],
  ]) {
    const { status, stdout, stderr } = runsAs('linux', 'riscv64', true, ...words);
    assert.match(stderr, /^pyglass: pyglass needs Linux on x86-64 or ARM64;/, words.join(' '));
    assert.equal(stdout, '');
    assert.equal(status, 3);
  }
  // It says so in its report.
  const examined = runsAs('linux', 'riscv64', false, 'doctor', ...pid);
  assert.equal(examined.status, 3, examined.stderr);
  assert.match(examined.stdout, /\n {2}FAIL {2}pyglass needs Linux on x86-64 or ARM64;/);
  const { stdout } = runsAs('linux', 'riscv64', false, '--help');
  const commands = [...stdout.matchAll(/^ {2}([a-z]+)\b.*/gm)].map(([, name]) => name!);
  // Of another command it is to be decided whether it reads processes, and tested here.
  for (const name of commands.filter((name) => name !== 'pyglass'))
    assert.ok(
      [
        ...['ps', 'dump', 'top', 'live', 'record', 'report', 'diff', 'agent', 'doctor', 'completions'],
      ].includes(name),
      name,
    );
  assert.ok(commands.length >= 6);
  assert.match(runsAs('linux', 'riscv64', true, 'completions', 'bash').stdout, /pyglass/);
  assert.equal(runsAs('linux', 'riscv64', true, 'report', '/nonexistent', '-o', '-').status, 6);
  assert.equal(runsAs('linux', 'riscv64', true, 'diff', '/nonexistent', '/nonexistent').status, 6);
});

/** A process that has a file mapped, as an emulator has that of the Python that it runs. */
async function withMapped(file: string, act: (pid: number) => Promise<void>): Promise<void> {
  // 9: mmap; readable, private.
  const program =
    'open F, "<", shift; die if syscall(9, 0, 8192, 1, 2, fileno(F), 0) == -1; $| = 1; print 1; <STDIN>';
  const mapping = spawn('perl', ['-e', program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(mapping.stdout, 'data');
    await act(mapping.pid!);
  } finally {
    mapping.kill('SIGKILL');
  }
}

/** Class in the header, and the machine. */
for (const [bits, machine, name] of [
  [2, 243, 'RISC-V'],
  [1, 3, '32-bit x86'],
  [1, 40, '32-bit ARM'],
] as const) {
  test(`a process that runs a Python for ${name} is refused by dump, and ps says why`, () =>
    withFolder(async (folder) => {
      const bytes = elf(machine, runtime);
      bytes[4] = bits;
      const file = join(folder, 'libpython3.12.so.1.0');
      writeFileSync(file, bytes);
      await withMapped(file, async (pid) => {
        const message = `this Python is for ${name}; pyglass reads those for x86-64 and aarch64`;
        const { status, stderr } = await pyglass('dump', '--pid', `${pid}`);
        assert.ok(stderr.startsWith(`pyglass: ${message}\n`), stderr);
        assert.equal(status, 3);
        const listed = JSON.parse((await pyglass('ps', '--json')).stdout);
        const found = listed.processes.find((one: { pid: number }) => one.pid === pid);
        assert.equal(found?.readable, false);
        assert.deepEqual(found.error, { code: 'machine-unsupported', message });
        assert.equal(found.version, '3.12');
      });
    }));
}
