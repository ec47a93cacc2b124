import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { defaultView } from '../../analysis/view-options.js';
import { flamegraph } from './flamegraph.js';
import type { ViewerData } from './viewer-data.js';

const written = (...[picture, options]: Parameters<typeof profileFromText>) =>
  [...flamegraph.write(profileFromText(picture, options), defaultView)].join('');
const dataOf = (svg: string): ViewerData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(svg)![1]!);

/** Every tag of a document; throws where it is not well-formed. */
function tagsOf(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  // eslint-style character classes would hide what is checked: no bare < or & outside of tags and entities.
  const token = /<\?[^?]*\?>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  while (at < xml.length) {
    token.lastIndex = at;
    const match = token.exec(xml);
    assert.ok(match, `not well-formed at ${JSON.stringify(xml.slice(at, at + 60))}`);
    at = token.lastIndex;
    const [, closing, name, attributes, empty, text] = match;
    for (const part of [text ?? '', attributes ?? ''])
      assert.doesNotMatch(part, /&(?!#\d+;|amp;|lt;|gt;|quot;)/);
    if (name === undefined) continue;
    if (closing) assert.equal(open.pop(), name);
    else {
      seen.push(name);
      if (!empty) open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return seen;
}

test('a bar for each frame, as wide as its time, root first', () => {
  const svg = written('main main main main | work work work idle');
  const { bars, labels } = dataOf(svg);
  assert.deepEqual(
    bars.label.map((label) => labels.name[label]),
    ['all', 'main', 'work', 'idle'],
  );
  assert.deepEqual(bars.depth, [0, 1, 2, 2]);
  assert.deepEqual(bars.total, [40_000, 40_000, 30_000, 10_000]);
  assert.deepEqual(bars.self, [0, 0, 30_000, 10_000]);
  assert.deepEqual(bars.samples, [4, 4, 3, 1]);
  assert.ok(tagsOf(svg).includes('desc'));
});

test('it says what was recorded, when, for how long', () => {
  const svg = written('main');
  assert.match(svg, /python app\.py/);
  assert.match(svg, /Recorded 2026-05-09 07:32:10 UTC for 10\.0 ms · Python 3\.11\.7/);
});

test('bars that mostly wait are hatched, in the picture and in the legend, and say so', () => {
  const svg = written('main main main main main | work sleep sleep sleep lock', {
    functions: { sleep: { kind: 'c', qualifiedName: 'time.sleep' } },
    states: { MainThread: 'RWWrG' },
  });
  const classOf = (name: string) => new RegExp(`class="bar ([^"]*)"[^>]*><title>${name}[ :]`).exec(svg)?.[1];
  assert.match(classOf('time\\.sleep')!, / waits$/);
  assert.match(classOf('&#60;waiting for GIL&#62;')!, / waits$/);
  for (const caller of ['main', 'work', 'lock', 'all']) assert.doesNotMatch(classOf(caller)!, /waits/);
  assert.match(svg, /<title>time\.sleep: 30\.0 ms, 60%, 66\.7% waiting, 3 samples<\/title>/);
  assert.match(svg, /<title>main .*?: 50\.0 ms, 100%, 60% waiting, 5 samples<\/title>/);
  assert.match(svg, /50\.0 ms shown, 60% waiting/);
  assert.match(svg, /<pattern id="waits"/);
  const { legend, cpuLegend, bars } = dataOf(svg);
  assert.deepEqual(
    legend.map(({ id, share }) => [id, share]),
    [
      ['application', '20%'],
      ['c', '20%'],
      ['synthetic', '0%'],
      ['waits', '60%'],
    ],
  );
  assert.deepEqual(
    cpuLegend?.map(({ id, share }) => [id, share]),
    [
      ['application', '80%'],
      ['c', '20%'],
      ['synthetic', '0%'],
    ],
  );
  assert.deepEqual(bars.cpu, [12_500, 12_500, 2_500, 0, 0, 10_000]);
  assert.deepEqual(bars.waiting, [30_000, 30_000, 20_000, 10_000, 10_000, 0]);
  assert.ok(tagsOf(svg).includes('pattern'));
});

test('a recording that does not say what threads did has nothing on waiting', () => {
  const svg = written('main main | work sleep');
  assert.doesNotMatch(
    svg.slice(svg.indexOf('<g id="picture">'), svg.indexOf('<script')),
    /waits|\d% waiting/,
  );
  assert.equal(dataOf(svg).cpuLegend, undefined);
});

const hostile = [
  '<script>alert(1)</script>',
  '" onload="alert(1)" x="',
  "' onclick='alert(1)",
  ']]><script>alert(1)</script><![CDATA[',
  '</script><script>alert(1)</script>',
  '<!-- -->',
  '&lt;script&gt;&#60;',
  '\u202eevil\u202c',
  'nul\u0000bell\u0007escape\u001b[31m',
  'half \ud800 pair',
  '\ufffe\uffff',
];
for (const name of hostile) {
  test(`a name is data: ${JSON.stringify(name)}`, () => {
    const svg = written('x', {
      functions: { x: { qualifiedName: name, file: `/${name}.py`, shortFile: name } },
    });
    const tags = tagsOf(svg);
    assert.equal(tags.filter((tag) => tag === 'script').length, 2);
    assert.equal(Buffer.from(svg).toString(), svg);
    assert.deepEqual(
      [...svg].filter((char) => char !== '\n' && /[\p{Cc}\u202a-\u202e\ufffe\uffff]/u.test(char)),
      [],
    );
    assert.doesNotMatch(svg.slice(0, svg.indexOf('<script')), / on\w+="/);
  });
}

test('a recording without samples is a picture that says why', () => {
  const svg = written('. .');
  assert.match(svg, /Nothing was sampled/);
  assert.ok(!tagsOf(svg).includes('script'));
});

test('what is too thin to see is left out and counted', () => {
  const functions = Array.from({ length: 60 }, (_, number) => `f${number}`).join(' ');
  const svg = written(`${'wide '.repeat(40).trim()} ${functions}`, { interval: 1 });
  assert.doesNotMatch(svg, /left out \(/);
  const many = profileFromText('wide thin', { interval: 1 });
  many.runs.duration.set(0, 1e9);
  const thin = [...flamegraph.write(many, defaultView)].join('');
  assert.match(thin, /1 frame too thin to see left out \(1 sample\)/);
  assert.deepEqual(dataOf(thin).bars.total.length, 2);
});
