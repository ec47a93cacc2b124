import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from '../../src/agent/agent.js';
import { readConfig } from '../../src/agent/read-config.js';
import { FakeReceiver, totalOf } from '../support/fake-receiver.js';
import { anyPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

test('no window has a gap or comes twice where another session takes over', () => {
  const mark = `mark-${process.pid}-sessions-`;
  return withTarget(
    anyPython(),
    programFile('two_functions.py'),
    async ({ pid }) => {
      await using receiver = await FakeReceiver.start();
      const flags = { push: receiver.url, window: '1', command: [mark], maxCpu: '100%' };
      const logged: string[] = [];
      const agent = new Agent({
        config: readConfig({ flags, environment: {} }),
        ...{ environment: {}, version: 'test' },
        log: (_, message) => logged.push(message),
        // At each window in which there is one session only.
        sessionLimits: { rows: Number.POSITIVE_INFINITY, milliseconds: 0 },
      });
      await agent.start();
      try {
        await receiver.until(() => receiver.received.length >= 6);
      } finally {
        await agent.stop();
      }
      assert.ok(logged.includes('another session takes over'));
      const windows = receiver.received.toSorted((a, b) => a.from - b.from);
      for (const [index, { from, labels }] of windows.entries()) {
        assert.equal(labels['pid'], `${pid}`);
        if (index > 0) assert.equal(from, windows[index - 1]!.until);
      }
      for (const one of windows.slice(1, -1)) {
        const wall = totalOf([one], 'wall', { thread: 'MainThread' });
        assert.ok(Math.abs(wall - 1e9) < 2e7, `${wall} in ${one.from}`);
      }
    },
    { args: [mark] },
  );
});
