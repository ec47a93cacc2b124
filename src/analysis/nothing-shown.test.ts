import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { Profile } from '../model/profile.js';
import { whyNothing } from './nothing-shown.js';
import { defaultView } from './view-options.js';

const server = {
  functions: {
    serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
    select: { file: '/usr/lib/python3.11/selectors.py' },
  },
};

test('a view without anything says why', () => {
  const why = (profile: Profile, mode = defaultView.mode) =>
    whyNothing(profile, { ...defaultView, mode }).join(' ');
  assert.match(why(new Profile()), /^Nothing was sampled The recording holds no samples/);
  assert.match(why(profileFromText('. .')), /No thread was running Python code/);
  assert.match(why(profileFromText('f f'), 'gil'), /In no sample did a thread hold the GIL/);
  assert.match(why(profileFromText('f f'), 'cpu'), /has no thread states/);
  const waits = profileFromText('f f', { states: { MainThread: 'WW' } });
  assert.match(why(waits, 'cpu'), /In no sample was a thread on a CPU/);
  const partly = profileFromText({ a: 'f f f', b: 'f f f' }, { states: { a: 'WWW' } });
  assert.match(why(partly, 'cpu'), /CPU time is not known for 1 of 2 threads\. In no sample/);
  assert.match(why(waits, 'gil-wait'), /In no sample was a thread waiting for the GIL/);
  assert.match(
    why(profileFromText('serve_forever | select', server)),
    /^The only thread was idle The recording shows 1 thread, idle /,
  );
  const two = profileFromText({ a: 'serve_forever | select', b: 'serve_forever | select' }, server);
  two.processes.push(two.processes[0]!);
  assert.match(
    why(two),
    /^All threads were idle The recording shows 2 threads in 2 processes, idle the whole time/,
  );
});

test('without a GIL there is no time with one', () => {
  const profile = profileFromText('f f', { states: { MainThread: 'WW' } });
  profile.processes[0] = { ...profile.processes[0]!, pythonVersion: '3.14.2t' };
  for (const mode of ['gil', 'gil-wait'] as const)
    assert.match(whyNothing(profile, { ...defaultView, mode }).join(' '), /without a GIL: use --mode cpu/);
  assert.match(
    whyNothing(profile, { ...defaultView, mode: 'cpu' }).join(' '),
    /In no sample was a thread on a CPU/,
  );
});

test('a label that nothing has', () => {
  const profile = profileFromText('f', { jobs: { MainThread: 'a' } });
  const why = (value: string) => whyNothing(profile, { ...defaultView, label: { key: 'job', value } });
  assert.deepEqual(why('b\u001b'), [
    'Nothing was sampled',
    'No sample has the label job=b⟨U+001B⟩.',
    'Without --label every thread is shown.',
  ]);
  assert.doesNotMatch(why('a').join(), /label/);
});
