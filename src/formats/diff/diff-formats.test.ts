import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { RequestRecording } from '../../../tests/support/request-recording.js';
import { simulatedLoad } from '../../../tests/support/simulated-load.js';
import { diffOf } from '../../analysis/diff/diff.js';
import { defaultView } from '../../analysis/view-options.js';
import type { Profile } from '../../model/profile.js';
import type { ViewerData } from '../flamegraph/viewer-data.js';
import { barChange, growthText, signed, unchangedText } from './change-text.js';
import { diffFlamegraph } from './diff-flamegraph.js';
import { diffFormatForPath, diffFormats } from './diff-formats.js';
import { diffReport } from './diff-json.js';
import { diffText } from './diff-text.js';

const run = (seed: number, slower: number) => simulatedLoad({ seed, seconds: 10, slower, calls: 'loop' });
const before = run(1, 1);
const after = run(2, 1.5);
const view = defaultView;
const textOf = (first: Profile, second: Profile, all = false) =>
  [...diffText(diffOf(first, second, { view }), first, second, { all, view })].join('');
const svgOf = (first: Profile, second: Profile, base: 'before' | 'after' = 'after') =>
  [...diffFlamegraph(diffOf(first, second, { view }), { before: first, after: second, base, view })].join('');
const dataOf = (svg: string): ViewerData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(svg)![1]!);

test('the text says first what grew, by how much, and per what', () => {
  const text = textOf(before, after);
  assert.match(text, /^Time is compared per second of recording, of all threads together\.$/m);
  assert.match(
    text,
    /^f0 \(app\.py\) grew by [\d.]+ ms \(± [\d.]+ ms\) per second, from [\d.]+ ms to [\d.]+ ms: \+\d+%\.$/m,
  );
  const rows = text.slice(text.indexOf('\nper second')).split('\n').slice(2);
  assert.match(rows[0]!, /^f0 \(app\.py\) +[\d.]+ ms +[\d.]+ ms +\+[\d.]+ ms \+\d+% /);
  assert.match(rows[1]!, /^\S+ .*± [\d.]+ ms/);
  assert.match(text, /more functions, within sampling error: --all shows them\./);
  assert.doesNotMatch(textOf(before, after, true), /--all/);
});

test('within sampling error it says so, and what could have been seen', () => {
  const text = textOf(before, run(3, 1));
  assert.match(text, /^Nothing changed beyond sampling error, of \d+ functions that took/m);
  assert.match(
    text,
    /^Of f\d+ \(app\.py\), which takes most, a change of some \d+% could have been seen\.$/m,
  );
});

test('a recording and itself have no difference, and no table', () => {
  assert.match(textOf(before, before), /\n\nNo difference: all times are the same in both\.\n$/);
});

test('what the recordings differ in is one line', () => {
  const other = run(2, 1);
  other.info = { ...other.info, rate: 100, title: 'python other.py' };
  other.processes[0] = { ...other.processes[0]!, pythonVersion: '3.13.0' };
  const line = textOf(before, other)
    .split('\n')
    .find((line) => line.startsWith('The recordings differ'));
  assert.equal(
    line,
    'The recordings differ: python app.py and python other.py; Python 3.11.7 and Python 3.13.0; 1,000 samples a second and 100 samples a second.',
  );
});

test('recordings that show nothing say why', () => {
  const empty = profileFromText('. .');
  assert.match(textOf(empty, empty), /Nothing was sampled, before and after\./);
  assert.match(svgOf(empty, empty), /Nothing was sampled/);
});

test('the JSON has the same, in numbers', () => {
  const report = diffReport(before, after, { per: 'second' });
  assert.deepEqual(
    [report.version, report.per, report.level, report.exceeded.length],
    [1, 'second', 0.05, 0],
  );
  const [first] = report.functions;
  assert.deepEqual(
    [first!.function, first!.file, first!.kind, first!.only],
    ['f0', 'app.py', 'python', null],
  );
  const { self } = first!;
  assert.equal(self.verdict, 'grew');
  assert.ok(Math.abs(self.afterSeconds - self.beforeSeconds - self.changeSeconds) < 2e-6);
  assert.ok(self.growth! > 0.2 && self.growth! < 0.8 && self.p < 0.05 && self.errorSeconds > 0);
  assert.equal(report.whole.verdict, 'same');
});

test('the picture has each change as a colour, as a mark in front of the name, and in the tip', () => {
  const svg = svgOf(before, after);
  assert.match(svg, /class="bar application grew s\d" [^>]*><title>f0 \(app\.py:1\): [^<]*, \+\d+%<\/title>/);
  assert.match(svg, /<tspan class="mark">\+\d+% <\/tspan><tspan class="name">f0</);
  assert.match(svg, /class="bar application same s0" [^>]*><title>f1 [^<]*within sampling error \(± /);
  const { changes, labels, bars, legend, cpuLegend } = dataOf(svg);
  const of = (name: string) =>
    changes!.list[changes!.ofBar[bars.label.findIndex((label) => labels.name[label] === name)]!]!;
  assert.deepEqual([of('f0').kind, of('f1').kind], ['grew', 'same']);
  assert.match(of('f0').text, /^[\d.]+ ms → [\d.]+ ms per second \(± [\d.]+ ms\)$/);
  assert.deepEqual(
    legend.map(({ id, share }) => [id, share]),
    [
      ['grew', '1 frame'],
      ['shrank', '0 frames'],
      ['same', '13 frames'],
    ],
  );
  assert.equal(cpuLegend, undefined);
});

test('the picture of a recording and itself is grey', () => {
  assert.doesNotMatch(svgOf(before, before), /class="bar [^"]*(grew|shrank)/);
});

test('what is only in the other recording is listed, and drawn when that is the base', () => {
  const renamed = run(2, 1);
  const fn = renamed.functions.findIndex(({ name }) => name === 'f0');
  renamed.functions[fn] = { ...renamed.functions[fn]!, name: 'g', qualifiedName: 'g' };
  assert.match(svgOf(before, renamed), /Gone: f0 \(app\.py\)\./);
  assert.match(svgOf(before, renamed), /<tspan class="mark">new <\/tspan><tspan class="name">g</);
  assert.match(svgOf(before, renamed, 'before'), /New: g \(app\.py\)\./);
  assert.match(svgOf(before, renamed, 'before'), /<tspan class="mark">gone <\/tspan><tspan class="name">f0</);
});

test('how busy the machine was, and what is not known per second, are said', () => {
  const always = (missed: number) => {
    const profile = profileFromText(Array.from({ length: 40 }, () => 'main').join(' '));
    profile.losses.missed = missed;
    return profile;
  };
  const text = textOf(always(20), always(0));
  assert.match(
    text,
    /^The machine was busy with other programs for 50% of the time before and 0% after, which adds \d+%/m,
  );
  assert.match(
    text,
    /^Threads ran all the time in both, so what one function takes more of a second, others get less/m,
  );
  assert.doesNotMatch(textOf(before, after), /was busy|ran all the time/);
});

/** Requests of ten and some samples, as letters. */
const requests = (ticks: number, few: number) => {
  const letter = (number: number) => String.fromCharCode(0x4e00 + number);
  const all = Array.from({ length: 30 + few }, (_, number) => letter(number).repeat(ticks + (number % 3)));
  const routeOf = (name: string) => (name < letter(30) ? 'GET /a' : 'GET /few');
  return new RequestRecording({ routeOf }).add({ main: `.${all.join('.')}.` }).profile;
};

test('per request there is a table of routes, and what is not compared is said', () => {
  const text = textOf(requests(10, 2), requests(20, 2));
  assert.match(text, /^Time is compared per request: 30 requests before, 30 requests after, each route/m);
  assert.match(text, /^Too few requests to compare \(below 8 in one recording\): GET \/few\.$/m);
  assert.match(
    text,
    /^GET \/a grew by 10\.\d ms \(± [\d.]+ (?:ms|µs)\) per request, from 11\.\d ms to 21\.\d ms: \+9\d%\.$/m,
  );
  assert.match(text, /^GET \/a +30 +30 +11\.\d ms +21\.\d ms +\+10\.\d ms \+9\d%$/m);
  const report = diffReport(requests(10, 2), requests(20, 2));
  assert.deepEqual(
    [report.per, report.routes[0]!.route, report.routes[0]!.beforeRequests],
    ['request', 'GET /a', 30],
  );
});

test('a C function that one recording does not name is no step between two functions of a picture', () => {
  const functions = { sum: { kind: 'c', qualifiedName: 'builtins.sum' } } as const;
  const columns = (name: string) => Array.from({ length: 400 }, () => name).join(' ');
  const named = profileFromText(`${columns('main')} | ${columns('sum')} | ${columns('gen')}`, { functions });
  const unnamed = profileFromText(`${columns('main')} | ${columns('gen')}`);
  assert.doesNotMatch(svgOf(named, unnamed), /class="bar [^"]*(grew|shrank)/);
  assert.doesNotMatch(svgOf(unnamed, named), /class="bar [^"]*(grew|shrank)/);
});

test('hostile names stay data', () => {
  const functions = { f: { qualifiedName: '<script>alert(1)</script>\u001b[31m', shortFile: '\u202ex.py' } };
  const hostile = profileFromText('f f f f', { functions });
  const text = textOf(hostile, profileFromText('g g g g'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  assert.doesNotMatch(text, /[\u001b\u202e]/);
  const svg = svgOf(profileFromText('g g g g'), hostile);
  assert.equal(svg.match(/<script/g)?.length, 2);
});

test('growth in few characters', () => {
  const cases = [
    [100, 120, '+20%'],
    [100, 95.5, '−4.5%'],
    [100, 103, '+3%'],
    [100, 1200, '×12'],
    [0, 5, 'new'],
    [5, 0, 'gone'],
    [5, 5, ''],
  ] as const;
  for (const [first, second, text] of cases) assert.equal(growthText({ before: first, after: second }), text);
  assert.deepEqual([signed(1500), signed(-1500)], ['+1.50 ms', '−1.50 ms']);
});

test('what is no change says how far it is known, and what may be chance', () => {
  const of = (before: number, after: number, error: number) =>
    unchangedText({ before, after, error, verdict: 'same' }).replaceAll('\u00a0', ' ');
  assert.equal(of(5000, 5000, 100), 'same');
  assert.equal(of(5000, 5100, 100), 'within ± 100 µs');
  assert.equal(of(5000, 4899, 100), '± 100 µs, may be chance');
});

test('a bar that is no change says the same', () => {
  const of = (after: number) => barChange({ before: 5000, after, error: 100, verdict: 'same' }, 'second');
  assert.equal(of(5100).text, '5.00 ms → 5.10 ms per second, within sampling error (± 100 µs)');
  assert.equal(of(4899).text, '5.00 ms → 4.90 ms per second, may be chance (± 100 µs)');
  assert.equal(of(4899).kind, 'same');
});

test('the ending of a file says what is written', () => {
  assert.equal(diffFormatForPath('a/X.HTML'), diffFormats.html);
  assert.equal(diffFormatForPath('x.htm'), diffFormats.html);
  assert.equal(diffFormatForPath('x.svg'), diffFormats.svg);
  assert.equal(diffFormatForPath('x.json'), undefined);
});
