import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { pyglass } from '../support/pyglass.js';
import { withFolder, withRecording } from '../support/recordings.js';
import { shell } from '../support/shell.js';

test('no link that somebody put beside an output is followed', () =>
  withRecording(async (folder, recording) => {
    writeFileSync(`${folder}/victim`, 'before');
    // The number of the process is what a shell can foresee.
    const { status, stderr } = await shell(
      `mkdir "$1/evil"; ln -s "$1/victim" "$1/evil/.pyglass-$$.part"
       exec "$NODE" "$PYGLASS" report "$2" -o "$1/evil/out.svg"`,
      folder,
      recording,
    );
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(`${folder}/victim`, 'utf8'), 'before');
    assert.ok(statSync(`${folder}/evil/out.svg`).isFile());
    // The name of an output that nobody typed.
    symlinkSync('victim', `${folder}/run.svg`);
    assert.equal((await pyglass('report', recording)).status, 0);
    assert.equal(readFileSync(`${folder}/victim`, 'utf8'), 'before');
    assert.match(readFileSync(`${folder}/run.svg`, 'utf8'), /<svg/);
  }));

test('an output that is the recording itself is refused', () =>
  withRecording(async (folder, recording) => {
    const before = readFileSync(recording);
    symlinkSync('run.pyglass', `${folder}/link.svg`);
    linkSync(recording, `${folder}/name.svg`);
    for (const output of [recording, `${folder}/link.svg`, `${folder}/name.svg`]) {
      const { status, stderr } = await pyglass('report', recording, '-f', 'raw', '-o', output);
      assert.equal(status, 5);
      assert.match(stderr, /it is the recording itself/);
    }
    const appended = await shell('pyglass report "$1" -f raw -o - >> "$1"', recording);
    assert.equal(appended.status, 5);
    assert.deepEqual(readFileSync(recording), before);
  }));

for (const [output, stats] of [
  ['x.json', 'x.json'],
  ['x.svg', '../$folder/x.svg'],
  ['x.svg', 'x.svg.pyglass'],
] as const) {
  test(`two outputs that are one file are refused: ${output} and ${stats}`, () =>
    withFolder(async (folder) => {
      const other = `${folder}/${stats.replace('$folder', folder.split('/').at(-1)!)}`;
      const args = ['-o', `${folder}/${output}`, '--stats-json', other, '--', 'true'];
      const { status, stderr } = await pyglass('record', ...args);
      assert.equal(status, 2);
      assert.match(stderr, /would write the same file/);
      assert.deepEqual(readdirSync(folder), []);
    }));
}

test('what is appended to a log leaves what is in it', () =>
  withRecording(async (folder, recording) => {
    const log = `${folder}/log`;
    writeFileSync(log, 'before\n');
    for (const path of ['-', '/dev/stdout', '/proc/self/fd/1', '/dev/fd/1']) {
      const { status, stderr } = await shell(
        'pyglass report "$1" --summary -o "$2" >> "$3"',
        recording,
        path,
        log,
      );
      assert.equal(status, 0, stderr);
    }
    const recorded = await shell('pyglass record -f speedscope -o /dev/stdout -- true >> "$1"', log);
    assert.equal(recorded.status, 7, recorded.stderr);
    assert.match(readFileSync(log, 'utf8'), /^before\n(?:[^$]*Nothing was sampled[^$]*){4}\{"\$schema"/i);
    assert.deepEqual(readdirSync(folder).sort(), ['log', 'run.pyglass']);
    assert.ok(!existsSync('/dev/stdout.pyglass'));
  }));

for (const [name, output] of Object.entries({
  'no name': '',
  'a folder that is not there': 'new/',
  'a name that is too long': 'x'.repeat(256),
})) {
  test(`${name} is refused before anything is recorded`, () =>
    withFolder(async (folder) => {
      const path = output === '' ? '' : `${folder}/${output}`;
      const { status, stdout } = await pyglass('record', '-o', path, '--', 'echo', 'ran');
      assert.deepEqual({ status, stdout }, { status: 5, stdout: '' });
      assert.deepEqual(readdirSync(folder), []);
    }));
}

test('a long name needs no room for the recording beside it', () =>
  withFolder(async (folder) => {
    const name = `${'x'.repeat(251)}.svg`;
    const { status, stderr } = await pyglass('record', '-o', `${folder}/${name}`, '--', 'true');
    assert.equal(status, 7, stderr);
    assert.deepEqual(readdirSync(folder), [name]);
  }));

test('a file that may be written in a folder that may not is written', () =>
  withFolder(async (folder) => {
    const inner = `${folder}/inner`;
    mkdirSync(inner);
    writeFileSync(`${inner}/x.svg`, 'before', { mode: 0o666 });
    chmodSync(`${inner}/x.svg`, 0o666);
    chmodSync(folder, 0o755);
    chmodSync(inner, 0o555);
    try {
      const asOther = process.getuid!() === 0 ? 'setpriv --reuid=65534 --regid=65534 --clear-groups' : '';
      const reachable = await shell(`${asOther} "$NODE" "$PYGLASS" --version`);
      if (reachable.status !== 0) return;
      const { status, stderr } = await shell(
        `${asOther} "$NODE" "$PYGLASS" record -o "$1" -- true`,
        `${inner}/x.svg`,
      );
      assert.equal(status, 7, stderr);
      assert.match(readFileSync(`${inner}/x.svg`, 'utf8'), /<svg/);
    } finally {
      chmodSync(inner, 0o755);
    }
  }));
