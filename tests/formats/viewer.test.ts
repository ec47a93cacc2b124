import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { diffOf } from '../../src/analysis/diff/diff.js';
import { defaultView } from '../../src/analysis/view-options.js';
import { diffFlamegraph } from '../../src/formats/diff/diff-flamegraph.js';
import { flamegraph } from '../../src/formats/flamegraph/flamegraph.js';
import type { Profile } from '../../src/model/profile.js';
import { noBrowser, withPage } from '../support/browser.js';
import { profileFromText } from '../support/profile-from-text.js';
import { withFolder } from '../support/recordings.js';
import { simulatedLoad } from '../support/simulated-load.js';

function show(
  name: string,
  profile: Profile,
  act: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): void {
  showText(name, () => [...flamegraph.write(profile, defaultView)].join(''), act, options);
}

function showText(
  name: string,
  text: () => string,
  act: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): void {
  test(name, { skip: noBrowser }, () =>
    withFolder(async (folder) => {
      const file = `${folder}/profile.svg`;
      writeFileSync(file, text());
      await withPage(file, act, options);
    }),
  );
}

// 10 samples: main 10, work 6 (query 2 inside), idle 3, query 1 elsewhere.
const small = profileFromText(
  `${'main '.repeat(10)} | work work work work work work idle idle idle query | query query . . . . . . . .`,
);
const bar = (page: Page, name: string) => page.locator(`.bars [aria-label^="${name} "]`);
const width = async (page: Page, name: string) =>
  (await bar(page, name).first().locator('rect').boundingBox())!.width;

const fill = (page: Page, selector: string) =>
  page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).fill`);

show('bars are as wide as their time', small, async (page) => {
  const main = await width(page, 'main');
  assert.ok(main > 1000);
  assert.ok(Math.abs((await width(page, 'work')) / main - 0.6) < 0.01);
  assert.ok(Math.abs((await width(page, 'idle')) / main - 0.3) < 0.01);
  assert.equal(await page.locator('#picture').count(), 0);
});

show('a click zooms, a click on the root zooms out', small, async (page) => {
  await bar(page, 'work').click();
  assert.ok((await width(page, 'work')) > 1000);
  assert.equal(await bar(page, 'idle').count(), 0);
  assert.match((await bar(page, 'main').getAttribute('class'))!, /above/);
  await page.locator('.bars [aria-label^="all"]').click();
  assert.equal(await bar(page, 'idle').count(), 1);
});

show('the tip tells name, location, time, share and count', small, async (page) => {
  await bar(page, 'work').hover();
  const tip = await page.locator('.tip').textContent();
  assert.match(tip!, /^work\/app\/app\.py:1Total60\.0 ms60%Self40\.0 ms40%Samples6$/);
});

show(
  'no line of facts begins with what parts them',
  small,
  async (page) => {
    const parts = await page.evaluate<[string, string][]>(
      "[...document.querySelectorAll('.fact')].map((fact) => ['::before', '::after'].map((part) => getComputedStyle(fact, part).content))",
    );
    assert.ok(parts.length > 2);
    for (const [at, [before, after]] of parts.entries())
      assert.deepEqual([before, after], ['none', at < parts.length - 1 ? '"·"' : 'none']);
  },
  { viewport: { width: 360, height: 700 } },
);

const loop = (seed: number, slower: number) => simulatedLoad({ seed, seconds: 10, slower, calls: 'loop' });
const pair = { before: loop(1, 1), after: loop(2, 1.5), base: 'after', view: defaultView } as const;
const diffed = () =>
  [...diffFlamegraph(diffOf(pair.before, pair.after, { view: defaultView }), pair)].join('');

for (const colorScheme of ['light', 'dark'] as const) {
  showText(
    `what grew is red and says so, what did not is grey: ${colorScheme}`,
    diffed,
    async (page) => {
      const grown = page.locator('.bars .grew');
      assert.equal(await grown.count(), 1);
      assert.match((await grown.textContent())!, /^\+\d+% f0/);
      assert.match((await grown.getAttribute('aria-label'))!, /, \+\d+%, [\d.]+ ms → [\d.]+ ms per second/);
      const [red, , blue] = /rgb\((\d+), (\d+), (\d+)\)/
        .exec(await fill(page, '.bars .grew > rect'))!
        .slice(1)
        .map(Number) as [number, number, number];
      assert.ok(red > blue + 80, `${red} ${blue}`);
      await grown.hover();
      const tip = page.locator('.tip .change');
      assert.match((await tip.textContent())!, /^\+\d+%: [\d.]+ ms → [\d.]+ ms per second/);
      await page.keyboard.press('c');
      assert.equal(await grown.count(), 1);
    },
    { colorScheme },
  );
}

// 10 samples: time.sleep 6 waiting, work 3 on a CPU, lock 1 waiting for the GIL.
const states = profileFromText(
  `${'main '.repeat(10)} | ${'sleep '.repeat(6)} work work work lock | . . . . . . query work work .`,
  { functions: { sleep: { kind: 'c', qualifiedName: 'time.sleep' } }, states: { MainThread: 'WWWWWWrRRG' } },
);

show('what waits is hatched, and tip and screen reader say how much', states, async (page) => {
  const sleep = page.locator('.bars [aria-label^="time.sleep"]');
  assert.equal(
    await sleep.getAttribute('aria-label'),
    'time.sleep, 60.0 ms, 60%, self 60%, 100% waiting, 6 samples',
  );
  assert.match((await sleep.getAttribute('class'))!, /waits/);
  assert.match(await fill(page, '.bars .waits > rect'), /url\("#waits"\)/);
  assert.doesNotMatch((await bar(page, 'main').getAttribute('class'))!, /waits/);
  assert.equal(await page.locator('.legend li:has(.waits)').textContent(), 'Waiting 70%');
  await bar(page, 'main').hover();
  assert.match(
    (await page.locator('.tip').textContent())!,
    /Total100 ms100%Self0 µs0%Waiting70\.0 ms70% of its timeOn a CPU22\.5 ms22\.5% of its timeSamples10$/,
  );
});

show('bars can be as wide as their time on a CPU', states, async (page) => {
  const cpu = page.getByRole('button', { name: 'CPU' });
  assert.equal(await cpu.getAttribute('aria-pressed'), 'false');
  await cpu.click();
  assert.equal(await cpu.getAttribute('aria-pressed'), 'true');
  const main = await width(page, 'main');
  assert.ok(main > 1000);
  const query = await width(page, 'query');
  assert.ok(Math.abs(query / main - 1 / 9) < 0.01, String(query / main));
  assert.equal(await page.locator('.bars [aria-label^="time.sleep"]').count(), 0);
  assert.equal(
    await bar(page, 'query').getAttribute('aria-label'),
    'query (app.py:1), 2.50 ms on a CPU, 11.1%, self 11.1%, 1 sample',
  );
  assert.equal(await page.locator('.legend .waits').count(), 0);
  await page.keyboard.press('c');
  assert.equal(await page.locator('.bars [aria-label^="time.sleep"]').count(), 1);
  assert.equal(await page.locator('.legend .waits').count(), 1);
});

show('what was zoomed into and has no CPU time gives way to its caller', states, async (page) => {
  await page.locator('.bars [aria-label^="time.sleep"]').click();
  await page.keyboard.press('c');
  assert.ok((await width(page, 'main')) > 1000);
  assert.ok((await width(page, 'work')) > 1000);
});

show('without states there is nothing to choose', small, async (page) => {
  assert.equal(await page.getByRole('button', { name: 'CPU' }).count(), 0);
  await page.keyboard.press('c');
  assert.equal(await bar(page, 'idle').count(), 1);
});

show(
  'what waits is hatched without scripts too',
  states,
  async (page) => {
    assert.match(await fill(page, '#picture .waits.c > rect'), /url\("#waits"\)/);
    assert.equal(await page.locator('#picture g.waits text').first().textContent(), 'Waiting 70%');
  },
  { javaScriptEnabled: false },
);

show('search marks what matches and shows its share, nested matches once', small, async (page) => {
  await page.keyboard.press('Control+f');
  await page.keyboard.type('^(work|query)');
  assert.equal(await page.locator('.found').textContent(), '70% matched, 3 frames');
  assert.equal(await page.locator('.bars .match').count(), 3);
  await page.keyboard.type('[');
  assert.equal(await page.locator('.found').textContent(), 'not a regular expression');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.bars .match').count(), 0);
});

show('the keyboard is enough', small, async (page) => {
  await page.locator('.bars [tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  assert.match(
    (await page.evaluate('document.activeElement.getAttribute("aria-label")')) as string,
    /^idle .*30%/,
  );
  await page.keyboard.press('Enter');
  assert.ok((await width(page, 'idle')) > 1000);
  await page.keyboard.press('Backspace');
  assert.equal(await bar(page, 'work').count(), 1);
  await bar(page, 'work').click();
  await page.keyboard.press('Escape');
  assert.equal(await bar(page, 'idle').count(), 1);
});

show('a screen reader gets names, numbers and depths', small, async (page) => {
  const work = bar(page, 'work');
  assert.equal(await work.getAttribute('role'), 'treeitem');
  assert.equal(await work.getAttribute('aria-level'), '3');
  assert.equal(await work.getAttribute('aria-label'), 'work (app.py:1), 60.0 ms, 60%, self 40%, 6 samples');
});

show('it follows the size of the window', small, async (page) => {
  await page.setViewportSize({ width: 500, height: 600 });
  await page.waitForFunction('document.querySelector(".bars rect").getBoundingClientRect().width < 500');
  assert.equal(await page.evaluate('document.scrollingElement.scrollWidth <= 500'), true);
});

const hostile = '<img src=x onerror=alert(1)>"\'</script><script>alert(1)</script>]]>\u202e';
show(
  'names are data',
  profileFromText('x x', {
    functions: { x: { qualifiedName: hostile, file: `/${hostile}`, shortFile: hostile } },
  }),
  async (page) => {
    const item = page.locator('.bars .bar').nth(1);
    await item.hover();
    assert.match(
      (await page.locator('.tip .what').textContent())!,
      /<img src=x onerror=alert\(1\)>.*⟨U\+202E⟩/,
    );
    await item.click();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('img');
    assert.equal(await page.locator('.bars .match').count(), 1);
    assert.equal(await page.locator('.app img, .app script').count(), 0);
  },
);

show(
  'without scripts it is a readable picture',
  small,
  async (page) => {
    const texts = await page.locator('#picture .bar text').allTextContents();
    assert.deepEqual(texts.slice(0, 3), ['all', 'main (app.py:1)', 'work (app.py:1)']);
    assert.match(await page.locator('#about').innerHTML(), /Recorded 2026-05-09/);
  },
  { javaScriptEnabled: false },
);

show(
  'it is dark where people like it dark',
  small,
  async (page) => {
    const colour = await page.evaluate('getComputedStyle(document.querySelector(".app")).backgroundColor');
    assert.equal(colour, 'rgb(21, 24, 29)');
  },
  { colorScheme: 'dark' },
);

const many = Array.from({ length: 20_000 }, (_, number) => `f${number}`);
show(
  '20,000 distinct frames stay usable',
  profileFromText(`${'main '.repeat(20_000)} | ${many.join(' ')}`),
  async (page) => {
    await page.keyboard.press('Control+f');
    await page.keyboard.type('^f12345 ');
    assert.equal(await page.locator('.found').textContent(), '<0.01% matched, 1 frame');
    await page.locator('.bars .match, .bars .bar').first().click();
    await page.keyboard.press('Escape');
    assert.ok((await page.locator('.bars .bar').count()) < 10_000);
  },
);
