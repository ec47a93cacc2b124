import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { functionTable } from './function-table.js';
import { defaultView, modes, type ViewOptions } from './view-options.js';

const profile = profileFromText('work work wait . work work', {
  gil: { MainThread: '110000' },
  states: { MainThread: 'RrWRGC' },
});
const shown: Record<ViewOptions['mode'], number> = {
  wall: 50_000,
  cpu: 22_500,
  gil: 20_000,
  'gil-wait': 10_000,
};

for (const mode of modes) {
  test(`${mode} mode shows its part of the time`, () => {
    assert.equal(functionTable(profile, { ...defaultView, mode }, 9).totalTime, shown[mode]);
  });
}

test('an idle thread is left out of wall mode only', () => {
  const functions = {
    serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
    select: { file: '/usr/lib/python3.11/selectors.py' },
  };
  const server = profileFromText('serve_forever serve_forever | select select', {
    functions,
    states: { MainThread: 'Rr' },
  });
  const time = (view: Partial<ViewOptions>) =>
    functionTable(server, { ...defaultView, ...view }, 9).totalTime;
  assert.equal(time({}), 0);
  assert.equal(time({ idle: true }), 20_000);
  assert.equal(time({ mode: 'cpu' }), 12_500);
});
