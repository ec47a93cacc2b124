import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { RequestRecording } from '../../../tests/support/request-recording.js';
import { samplesOf } from '../../analysis/samples.js';
import { defaultView, type ViewOptions } from '../../analysis/view-options.js';
import { Profile } from '../../model/profile.js';
import { answerOf } from './answer.js';
import { encodePayload, type Parts } from './payload.js';
import { decodePayload } from './payload-reader.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const encode = (profile: Profile, view: ViewOptions = defaultView) =>
  encodePayload(profile, view, answerOf(profile, view));
const roundTrip = (profile: Profile) => decodePayload(encode(profile), text);

/** Tables of a profile as plain lists. */
function tables(profile: Profile) {
  const { frames, stacks, runs, suspended, longSteps, ...plain } = profile;
  const lists = (columns: Readonly<Record<string, { length: number; at(row: number): number }>>) =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [
        name,
        Array.from({ length: column.length }, (_, row) => column.at(row)),
      ]),
    );
  return {
    ...plain,
    ...{ frames: lists(frames), stacks: lists(stacks), runs: lists(runs as never) },
    suspended: { processes: suspended.processes, runs: lists(suspended.runs as never) },
    longSteps: lists(longSteps),
  };
}

test('a recording comes back as it was', () => {
  const profile = profileFromText(
    { one: 'a a b:7 . | c c d .', 'two "é😀"': 'a x x x' },
    { states: { one: 'RWGC' }, gil: { one: '1' }, jobs: { one: 'ppq.' } },
  );
  profile.otherThreads.push({ process: 0, name: 'blas', cpu: 12 });
  profile.losses.missed = 3;
  for (const [column, values] of Object.entries({
    thread: [1, 0],
    start: [7, 4],
    duration: [60_000, 50_000],
  }))
    for (const value of values) profile.longSteps[column as 'thread'].push(value);
  profile.info = { ...profile.info, labels: { service: 'shop' } };
  assert.deepEqual(tables(roundTrip(profile).profile), tables(profile));
});

test('requests, and tasks of them that were suspended', () => {
  const { profile } = new RequestRecording({ states: { a: 'RW' } }).add({ a: 'AABB', b: '.CC-' }, ['DD-E']);
  assert.deepEqual(tables(roundTrip(profile).profile), tables(profile));
});

test('a recording of nothing', () => {
  assert.deepEqual(tables(roundTrip(new Profile()).profile), tables(new Profile()));
});

test('times that are no whole microseconds', () => {
  const profile = profileFromText('a b a', { interval: 1000 / 3 });
  assert.deepEqual(tables(roundTrip(profile).profile), tables(profile));
});

test('large numbers', () => {
  const profile = profileFromText('a b', { interval: 2 ** 40 });
  profile.runs.samples.set(0, 0x7fff_ffff);
  assert.deepEqual(tables(roundTrip(profile).profile), tables(profile));
});

test('what the page says first', () => {
  const profile = profileFromText('main main | work .', { states: { MainThread: 'RW' } });
  const answer = answerOf(profile, defaultView);
  assert.ok(answer.sentences.length > 2);
  assert.deepEqual(roundTrip(profile).answer, JSON.parse(JSON.stringify(answer)));
});

test('the options that the page begins with', () => {
  const view = {
    ...defaultView,
    mode: 'cpu',
    applicationOnly: true,
    label: { key: 'job', value: 'p' },
  } as const;
  const read = decodePayload(encode(profileFromText('a'), view), text);
  assert.deepEqual({ ...defaultView, ...read.view }, view);
});

test('names of any kind are data, and long ones are cut', () => {
  const names = ['</script>', '\u202e', '{{x}}', '\u0000', '\ud800', 'x'.repeat(20_000)];
  const functions = Object.fromEntries(names.map((name, at) => [`f${at}`, { qualifiedName: name }]));
  const { profile } = roundTrip(profileFromText(Object.keys(functions).join(' '), { functions }));
  const [first] = [...samplesOf(profile)];
  assert.equal(first?.stack[0]?.name, '</script>');
  assert.deepEqual(
    profile.functions.map(({ qualifiedName }) => qualifiedName),
    ['</script>', '\u202e', '{{x}}', '\u0000', '\ud800', 'x'.repeat(10_000)],
  );
});

test('what is cut short or changed is an error, and no endless reading', () => {
  const parts = encode(profileFromText('a b c | d e f'));
  for (const name of ['functions', 'frames', 'stacks', 'runs', 'suspended'] as const)
    for (let length = 0; length < parts[name].length; length++) {
      const damaged: Parts = { ...parts, [name]: parts[name].subarray(0, length) };
      assert.throws(() => decodePayload(damaged, text), Error, `${name} of ${length}`);
    }
  const many = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
  assert.throws(() => decodePayload({ ...parts, runs: many }, text), /rows in/);
});
