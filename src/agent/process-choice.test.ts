import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentConfig } from './agent-options.js';
import { isChosen, ProcessChoice } from './process-choice.js';
import { readConfig } from './read-config.js';

const config = (flags: Record<string, unknown>): AgentConfig => readConfig({ flags, environment: {} });
const shop = { user: 'web', uid: 33, commandLine: ['python', 'shop.py', '--port', '80'] };

test('processes are chosen by user and by command line', () => {
  for (const [flags, is] of [
    [{}, true],
    [{ user: ['web'] }, true],
    [{ user: ['33'] }, true],
    [{ user: ['root'] }, false],
    [{ command: ['shop\\.py'] }, true],
    [{ command: ['nothing', 'port 80$'] }, true],
    [{ command: ['^shop'] }, false],
    [{ command: ['shop'], exclude: ['--port'] }, false],
  ] as const)
    assert.equal(isChosen(shop, config(flags)), is, JSON.stringify(flags));
});

const python = (pid: number, executable: string | undefined = '/usr/bin/python3') => ({
  ...{ pid, executable, isInterpreter: true },
});

test('what may not be read is counted, and what is too much', () => {
  const choice = new ProcessChoice(() => shop);
  const many = Array.from({ length: 502 }, (_, pid) => python(pid + 1));
  const { pids, unreadable, tooMany } = choice.choose(
    [{ ...python(999), executable: undefined }, ...many],
    config({}),
  );
  assert.deepEqual([pids.size, unreadable, tooMany], [500, 1, 2]);
});

test('a process is asked again only when it was looked at again, or the configuration is another one', () => {
  let asked = 0;
  const choice = new ProcessChoice(() => {
    asked++;
    return shop;
  });
  const one = python(1);
  choice.choose([one], config({}));
  choice.choose([one], config({}));
  assert.equal(asked, 1);
  assert.equal(choice.choose([python(1)], config({ user: ['root'] })).pids.size, 0);
  choice.forget();
  choice.choose([one], config({}));
  assert.equal(asked, 3);
});
