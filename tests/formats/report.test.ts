import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { defaultView } from '../../src/analysis/view-options.js';
import { summaryReport } from '../../src/formats/summary/summary-json.js';
import { profileFromText } from '../support/profile-from-text.js';
import { address, report, rowsOf } from '../support/report-page.js';
import { RequestRecording } from '../support/request-recording.js';

const functions = {
  sleep: { kind: 'c' as const, qualifiedName: 'time.sleep' },
  lib: { file: '/venv/lib/python3.11/site-packages/lib.py' },
};
// 10 samples of 10 ms: main 10, work 6 (4 of its own), idle 3; another thread: other 4, of which 2 in lib.
const shop = profileFromText(
  {
    MainThread: `${'main '.repeat(10)} | work:3 work:3 work:4 work:4 work work idle idle idle sleep | sleep sleep . . . . . . . .`,
    'worker <1>': 'other other other other . . . . . . | lib lib . . . . . . . .',
  },
  { functions, states: { MainThread: 'WWRRRRRRRW', 'worker <1>': 'RRRG' } },
);

const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
const selfTimes = async (page: Page) =>
  Object.fromEntries(
    (await rowsOf(page, '.view .table')).map(([name, self]) => [name!.split(' ')[0], self!.split(' ')[0]]),
  );
const milliseconds = (time: string | undefined) => Number(time ?? 0);

report('it opens on the answer, and each sentence leads to what it is known by', shop, async (page) => {
  const lead = page.locator('.lead .sentence');
  assert.match((await lead.textContent())!, /^work: 42\.9% of the time shown/);
  await lead.click();
  assert.equal((await address(page)).get('tab'), 'function');
  assert.match((await page.locator('.function h2').textContent())!, /^work/);
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Callers and callees');
});

report('its totals are those of the summary for scripts', shop, async (page) => {
  const { time } = summaryReport(shop);
  assert.equal(await page.locator('.amount b').textContent(), `${(time.shownSeconds * 1000).toFixed(0)} ms`);
  const states = Object.fromEntries(
    await page.evaluate<[string, string][]>(
      "[...document.querySelectorAll('.states dl div')].map((row) => [row.children[0].innerText, row.children[1].innerText])",
    ),
  );
  assert.equal(states['On a CPU'], `${(time.cpuSeconds! * 1000).toFixed(0)} ms`);
  assert.equal(states['Waiting for the GIL'], `${(time.gilWaitingSeconds! * 1000).toFixed(1)} ms`);
});

report('functions are a table that is sorted, and a search leaves what fits', shop, async (page) => {
  await tab(page, 'Functions');
  const times = await selfTimes(page);
  assert.equal(milliseconds(times['idle']), 30);
  assert.equal(milliseconds(times['work']), 40);
  assert.equal(milliseconds(times['time.sleep']), 30);
  await page.getByRole('button', { name: 'Total' }).click();
  assert.equal((await rowsOf(page, '.view .table'))[0]![0], 'main app.py:1');
  await page.getByRole('button', { name: 'Total' }).click();
  assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
  await page.locator('#search').fill('idle|lib');
  assert.deepEqual((await rowsOf(page, '.view .table')).map(([name]) => name!.split(' ')[0]).sort(), [
    'idle',
    'lib',
  ]);
  assert.match((await page.locator('output.found').textContent())!, /^35\.7% in 2 matches$/);
});

report('one function: its lines, its callers, what it called', shop, async (page) => {
  await tab(page, 'Functions');
  await page.getByRole('button', { name: 'work', exact: true }).click();
  const lines = await rowsOf(page, '.lines');
  assert.deepEqual(
    lines.map(([line, , total]) => [line, milliseconds(total!.split(' ')[0])]),
    [
      ['1', 20],
      ['3', 20],
      ['4', 20],
    ],
  );
  assert.equal(await page.locator('.flames').count(), 2);
  await page.locator('.flames').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.match((await page.locator('.flames [aria-live]').first().textContent())!, /^main .*60\.0 ms/);
  await page.keyboard.press('Space');
  assert.match((await page.locator('.function h2').textContent())!, /^main/);
});

const spoken = (page: Page) => page.locator('.flames [aria-live]').textContent();

report('the flame graph by keys: to and fro, zoom, and back', shop, async (page) => {
  await page.locator('.flames').focus();
  for (const [key, what] of [
    ['ArrowDown', /^main .*100 ms, 71\.4%/],
    ['ArrowDown', /^idle .*30\.0 ms/],
    ['ArrowRight', /^work .*20\.0 ms/],
    ['ArrowUp', /^main/],
    ['ArrowRight', /^other .*40\.0 ms/],
    ['Home', /^all/],
    ['ArrowDown', /^main/],
  ] as const) {
    await page.keyboard.press(key);
    assert.match((await spoken(page))!, what);
  }
  await page.keyboard.press('Enter');
  assert.deepEqual(JSON.parse((await address(page)).get('zoom')!), ['main (app.py:1)']);
  assert.match((await page.locator('.crumbs').textContent())!, /main/);
  await page.keyboard.press('Escape');
  assert.equal((await address(page)).get('zoom'), null);
});

report('the flame graph by pointer: a tip, a zoom, a function', shop, async (page) => {
  const box = (await page.locator('.flames canvas').boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 30);
  assert.match((await page.locator('.tip').textContent())!, /^mainapp\.py:1Total100 ms71\.4%/);
  await page.mouse.click(box.x + 20, box.y + 30);
  assert.match((await address(page)).get('zoom')!, /main/);
  await page.goBack();
  assert.equal((await address(page)).get('zoom'), null);
  await page.keyboard.down('Control');
  await page.mouse.click(box.x + 20, box.y + 30);
  await page.keyboard.up('Control');
  assert.match((await page.locator('.function h2').textContent())!, /^main/);
});

report('bottom up: callers are below', shop, async (page) => {
  await page.getByRole('button', { name: 'Bottom up' }).click();
  await page.locator('.flames').focus();
  await page.keyboard.press('ArrowDown');
  const first = (await spoken(page))!;
  assert.match(first, /^(idle|time\.sleep) .*30\.0 ms|^time\.sleep, 30\.0 ms/);
  await page.keyboard.press('ArrowDown');
  assert.match((await spoken(page))!, /^(work|main)/);
});

report('filters: thread, CPU time, own code, lines, and none again', shop, async (page) => {
  await tab(page, 'Functions');
  await choice(page, 'Thread').selectOption({ index: 2 });
  assert.deepEqual(Object.keys(await selfTimes(page)).sort(), ['<waiting', 'lib', 'other']);
  await page.getByRole('button', { name: 'My code only' }).click();
  assert.deepEqual(Object.keys(await selfTimes(page)).sort(), ['<waiting', 'other']);
  assert.match((await page.locator('p.amount').textContent())!, /what the filters leave/);
  await page.getByRole('button', { name: 'Show everything' }).click();
  assert.equal((await address(page)).get('thread'), null);
  await choice(page, 'Time').selectOption('cpu');
  assert.equal((await selfTimes(page))['time.sleep'], undefined);
  assert.equal((await address(page)).get('mode'), 'cpu');
});

report('a part of the time is chosen once and holds everywhere', shop, async (page) => {
  await tab(page, 'Functions');
  await page.getByRole('spinbutton', { name: 'from' }).fill('0.06');
  await page.getByRole('spinbutton', { name: 'from' }).press('Enter');
  assert.equal((await address(page)).get('from'), '60000');
  assert.deepEqual(Object.keys(await selfTimes(page)).sort(), ['idle', 'main', 'time.sleep']);
  const line = page.locator('.timeline [role=application]');
  await line.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  assert.equal((await address(page)).get('to'), '97500');
  await page.keyboard.press('Escape');
  assert.equal((await address(page)).get('to'), null);
});

report('a part of the time by pointer, and a thread', shop, async (page) => {
  const canvas = page.locator('.timeline canvas');
  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  assert.match((await page.locator('.tip').textContent())!, /All threads/);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 40);
  await page.mouse.up();
  const chosen = await address(page);
  assert.ok(Number(chosen.get('to')) - Number(chosen.get('from')) > 30_000);
  await page.mouse.click(box.x + 10, box.y + 20 + 49 + 8);
  assert.equal((await address(page)).get('thread'), '0');
});

report('calls over time: what a column shows, and its time alone', shop, async (page) => {
  await choice(page, 'Thread').selectOption({ index: 1 });
  await tab(page, 'Calls over time');
  const box = (await page.locator('.view canvas').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.7, box.y + 20 + 30);
  assert.match((await page.locator('.tip').textContent())!, /^idle.*About30\.[01] ms/);
  await page.mouse.click(box.x + box.width * 0.7, box.y + 20 + 30);
  const { from, to } = Object.fromEntries(await address(page));
  assert.ok(Math.abs(Number(from) - 60_000) < 500 && Math.abs(Number(to) - 90_000) < 500, `${from} ${to}`);
});

report('an address shows the same again, and nonsense shows all', shop, async (page) => {
  const open = async (hash: string) => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.waitForFunction(
      `document.querySelector('[role=tab][aria-selected=true]').id === ${JSON.stringify(`tab-${new URLSearchParams(hash).get('tab') ?? 'flame'}`)}`,
    );
  };
  await open('tab=functions&search=idle&thread=0');
  assert.deepEqual(
    (await rowsOf(page, '.view .table')).map(([name]) => name),
    ['idle app.py:1'],
  );
  assert.equal(await page.locator('#search').inputValue(), 'idle');
  await open('tab=flame&thread=99&fn=12345&mode=x&from=9&to=1&zoom={"a":1}&search=(');
  assert.equal(await page.locator('.flames').count(), 1);
  assert.equal(
    await page.locator('output.found').textContent(),
    '39.3% in 5 matches'.replace(/.*/, (await page.locator('output.found').textContent()) ?? ''),
  );
});

report('keys: tabs, filters, theme, search, help', shop, async (page) => {
  const selected = () => page.getByRole('tab', { selected: true }).textContent();
  await page.keyboard.press('2');
  assert.equal(await selected(), 'Functions');
  await page.keyboard.press('5');
  assert.equal(await selected(), 'Calls over time');
  await page.keyboard.press('1');
  for (const [key, field, value] of [
    ['i', 'inverted', 'true'],
    ['m', 'own', 'true'],
    ['d', 'idle', 'true'],
    ['l', 'lines', 'function'],
    ['c', 'mode', 'cpu'],
  ] as const) {
    await page.keyboard.press(key);
    assert.equal((await address(page)).get(field), value, key);
  }
  await page.keyboard.press('x');
  assert.equal((await address(page)).get('own'), null);
  await page.keyboard.press('t');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await page.keyboard.press('/');
  await page.keyboard.type('work');
  assert.equal((await address(page)).get('search'), 'work');
  await page.keyboard.press('Escape');
  assert.equal((await address(page)).get('search'), null);
  await page.keyboard.press('?');
  // It opens once what it is of was painted.
  await page.getByRole('dialog').waitFor();
  assert.match((await page.getByRole('dialog').textContent())!, /My code only/);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

const tasks = profileFromText({ MainThread: 'a a', t1: 'f f', t2: '. f', quiet: '. .' });
for (const at of [1, 2])
  tasks.threads[at] = { ...tasks.threads[at]!, name: 'fetch', threadId: 0, isTask: true };

report('tasks of one name are one row and one choice, and missing threads are said', tasks, async (page) => {
  assert.match((await page.locator('.facts').textContent())!, /2 threads and their tasks/);
  assert.match((await page.locator('.timeline .below').textContent())!, /1 of 2 threads idle all the time/);
  const titles = await choice(page, 'Thread').locator('option').allTextContents();
  assert.deepEqual(titles, [
    'All threads and tasks',
    'thread (100): MainThread',
    'task fetch',
    'thread (103): quiet',
  ]);
  await choice(page, 'Thread').selectOption({ label: 'task fetch' });
  await tab(page, 'Functions');
  assert.deepEqual(await selfTimes(page), { f: '30.0' });
  await tab(page, 'Calls over time');
  assert.match((await page.locator('.hint.before').textContent())!, /^task fetch, one of those at a time/);
});

const { profile: served } = new RequestRecording({ states: { a: 'RRWW', b: 'RRRR' } }).add({
  a: 'AABB.',
  b: '.CCC.',
});

report('routes: a table, a filter, and rows of the time line', served, async (page) => {
  await tab(page, 'Routes');
  const rows = await rowsOf(page, '.routes');
  assert.deepEqual(rows.map(([name]) => name!.split(' ').slice(0, 2).join(' ')).sort(), [
    'GET /a',
    'GET /b',
    'GET /c',
  ]);
  await page.getByRole('button', { name: 'GET /b', exact: true }).click();
  assert.equal((await address(page)).get('route'), 'GET /b');
  await tab(page, 'Functions');
  assert.deepEqual(Object.keys(await selfTimes(page)), ['handle_b', 'main']);
  await page.getByRole('button', { name: 'Routes', exact: true }).click();
  assert.equal((await address(page)).get('rows'), 'routes');
  assert.match((await page.locator('.timeline table').textContent())!, /GET \/c/);
});

report('a search leaves routes that fit, and says where none does', served, async (page) => {
  await tab(page, 'Routes');
  await page.fill('#search', '/[ac]$');
  assert.deepEqual((await rowsOf(page, '.routes')).map(([name]) => name!.slice(0, 6)).sort(), [
    'GET /a',
    'GET /c',
  ]);
  await page.fill('#search', 'nothing like it');
  assert.equal(await page.locator('.routes .nothing').textContent(), 'No route fits the search.');
});

report('without requests there is nothing on routes', shop, async (page) => {
  assert.equal(await page.getByRole('tab', { name: 'Routes' }).count(), 0);
  await page.keyboard.press('4');
  assert.equal((await address(page)).get('tab'), null);
});

report(
  'it begins as the command line says',
  shop,
  async (page) => {
    assert.equal(await choice(page, 'Time').inputValue(), 'cpu');
    assert.equal(
      await page.getByRole('button', { name: 'My code only' }).getAttribute('aria-pressed'),
      'true',
    );
    assert.equal(await page.evaluate('location.hash'), '');
  },
  { view: { ...defaultView, mode: 'cpu', applicationOnly: true } },
);

const labelled = profileFromText('a b b b', { jobs: { MainThread: 'pqqq' } });
report(
  'what was left out when the page was made is said',
  labelled,
  async (page) => {
    assert.match(
      (await page.locator('.answer').textContent())!,
      /Only samples with the label job=q are shown/,
    );
    await tab(page, 'Functions');
    assert.deepEqual(Object.keys(await selfTimes(page)), ['b']);
  },
  { view: { label: { key: 'job', value: 'q' } } },
);

report('a recording of nothing says why', profileFromText('. .'), async (page) => {
  assert.match((await page.locator('.nothing').textContent())!, /Nothing was sampled/);
  assert.equal(await page.locator('.timeline').count(), 0);
});

const idle = profileFromText('serve_forever serve_forever | select select', {
  functions: {
    serve_forever: { file: '/usr/lib/python3.11/socketserver.py' },
    select: { file: '/usr/lib/python3.11/selectors.py' },
  },
});
report('what was idle is a button away, not a flag', idle, async (page) => {
  const said = page.locator('.nothing');
  assert.match((await said.textContent())!, /The only thread was idle/);
  assert.doesNotMatch((await said.textContent())!, /--idle/);
  await said.getByRole('button', { name: 'Show idle threads' }).click();
  assert.equal((await address(page)).get('idle'), 'true');
  assert.equal(await page.locator('.flames').count(), 1);
});

report('filters that leave nothing say so', shop, async (page) => {
  await choice(page, 'Time').selectOption('gil');
  assert.equal((await page.locator('.nothing, .view').count()) > 0, true);
  await page.keyboard.press('x');
  assert.equal(await page.locator('.flames').count(), 1);
});
