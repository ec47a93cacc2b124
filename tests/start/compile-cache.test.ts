import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { basename } from 'node:path';
import { test } from 'node:test';
import { main } from '../support/command.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const { NODE_COMPILE_CACHE: _, XDG_CACHE_HOME: __, ...environment } = process.env;
const run = (home: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [main, ...args], {
    env: { ...environment, HOME: home, ...env },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
/** Node then says what it finds in the cache. */
const debug = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
const skip = 'enableCompileCache' in nodeModule ? false : 'this Node has no compile cache';

test('what is compiled is kept for the next time, also that of the threads', { skip }, () =>
  withTarget(anyPython(), programFile('busy.py'), ({ pid }) =>
    withFolder(async (folder) => {
      const args = ['record', '-s', '-d', '0.1', '-o', `${folder}/x.pyglass`, '-p', `${pid}`];
      const accepted = () => {
        const { status, stdout, stderr } = run(folder, args, debug);
        assert.equal(status, 0, stderr);
        const files = `${stdout}${stderr}`.matchAll(/for CommonJS (\S+) was accepted/g);
        return [...files].map(([, file]) => basename(file!));
      };
      assert.deepEqual(accepted(), []);
      const files = accepted();
      for (const name of ['sampler-thread.js', 'child-finder-thread.js'])
        assert.ok(files.includes(name), `${files}`);
      assert.ok(files.some((name) => name.startsWith('run-command-line')));
    }),
  ),
);

test('where nothing can be kept, all goes on without', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/file`, '');
    mkdirSync(`${folder}/home`);
    writeFileSync(`${folder}/home/.cache`, '');
    for (const home of ['/proc/nothing', '/dev/full', `${folder}/file`, `${folder}/none`, `${folder}/home`]) {
      const { status, stdout, stderr } = run(home, ['--version']);
      assert.deepEqual([status, stderr], [0, ''], home);
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    }
  }));
