import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { barriers } from '../support/barriers.js';
import { noBrowser, withPage } from '../support/browser.js';
import { diffHtmlOf, type PairOptions, shopPair } from '../support/diffed-pair.js';
import { profileFromText } from '../support/profile-from-text.js';
import { withFolder } from '../support/recordings.js';
import { address, rowsOf } from '../support/report-page.js';
import { RequestRecording } from '../support/request-recording.js';

/** A test of the page of a comparison in a browser, once it is there. */
function diffed(
  name: string,
  pair: PairOptions,
  act: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): void {
  test(name, { skip: noBrowser }, () =>
    withFolder(async (folder) => {
      writeFileSync(`${folder}/diff.html`, diffHtmlOf(pair));
      await withPage(
        `${folder}/diff.html`,
        async (page) => {
          if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
          await act(page);
        },
        options,
      );
    }),
  );
}

const shop = shopPair();
const names = async (page: Page) => (await rowsOf(page, '.changes')).map(([name]) => name!.split(' ')[0]);
const spoken = (page: Page) => page.locator('.flames [aria-live]').textContent();

diffed('it opens on the words, and each leads to the calls of its function', shop, async (page) => {
  assert.match((await page.locator('.lead').textContent())!, /^2 functions grew and 1 shrank in self time/);
  await page.locator('button.sentence', { hasText: 'old_way' }).click();
  const { fn, base } = Object.fromEntries(await address(page));
  assert.deepEqual([fn, base], ['0', 'before'], 'what is gone is in the other recording');
  assert.match((await page.locator('.marked').textContent())!, /^old_way ×.*self 2\d\d ms → –, −2\d\d ms/);
  assert.match((await page.locator('tr.chosen').textContent())!, /^old_way/);
  await page.keyboard.press('Escape');
  assert.equal((await address(page)).get('fn'), null);
});

diffed('the table: changes first, what is known of each, sorted and filtered', shop, async (page) => {
  const rows = await rowsOf(page, '.changes');
  const [, self, before, after] = rows.find(([name]) => name!.startsWith('Shop.price'))!;
  assert.match(self!, /^\+[\d.]+ ms ± [\d.]+ ms \+\d+%$/);
  assert.match(`${before} ${after}`, /^\d+ ms \d+ ms$/);
  assert.match(rows.find(([name]) => name!.startsWith('log'))![1]!, /^within ± [\d.]+ ms$/);
  await page.getByRole('button', { name: 'Function', exact: true }).click();
  assert.deepEqual(await names(page), (await names(page)).toSorted());
  assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
  await page.getByRole('button', { name: 'Self change' }).click();
  await page.getByRole('button', { name: /^Shrank 2$/ }).click();
  assert.deepEqual(await names(page), ['old_way', 'show']);
  await page.keyboard.press('a');
  await page.locator('#search').fill('price|tax');
  assert.deepEqual((await names(page)).sort(), ['Shop.price', 'tax']);
  assert.match((await page.locator('output.found').textContent())!, /^[\d.]+% in 2 matches$/);
  await page.locator('#search').fill('nothing like it');
  assert.equal(await page.locator('.part .nothing').textContent(), 'No function fits the search.');
});

diffed('the calls by pointer: a tip with the change, a zoom, and back', shop, async (page) => {
  const canvas = page.locator('.flames canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  const at = [box.x + 20, box.y + 3 * 20 + 10] as const;
  await page.mouse.move(...at);
  assert.match(
    (await page.locator('.tip').textContent())!,
    /^Shop\.priceshop\/price\.py:1Total.*\+\d+%: \d+ ms → \d+ ms per second \(± [\d.]+ ms\)$/,
  );
  await page.mouse.click(...at);
  assert.match((await address(page)).get('zoom')!, /Shop\.price/);
  assert.match((await page.locator('.crumbs').textContent())!, /Shop\.price/);
  await page.goBack();
  assert.equal((await address(page)).get('zoom'), null);
});

diffed('the calls by keys: what changed is said, not only coloured', shop, async (page) => {
  await page.locator('.flames').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  assert.match((await spoken(page))!, /^Shop\.price .*\+\d+%, \d+ ms → \d+ ms per second/);
  await page.keyboard.press('Space');
  assert.match((await page.locator('.marked').textContent())!, /^Shop\.price/);
  await page.keyboard.press('Enter');
  assert.notEqual((await address(page)).get('zoom'), null);
  await page.keyboard.press('Escape');
  assert.equal((await address(page)).get('zoom'), null);
  await page.keyboard.press('b');
  assert.equal((await address(page)).get('base'), 'before');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  assert.match((await page.getByRole('dialog').textContent())!, /Functions that grew/);
});

/** Colours of a row of bars, from left to right, a pixel each. */
async function colorsOf(page: Page, row: number): Promise<Set<string>> {
  return new Set(
    await page.evaluate<string[]>(`(() => {
      const canvas = document.querySelector('.flames canvas');
      const scale = canvas.width / canvas.clientWidth;
      const { data } = canvas.getContext('2d').getImageData(0, (${row} * 20 + 2) * scale, canvas.width, 1);
      return Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(at * 4, at * 4 + 3)].join());
    })()`),
  );
}

diffed('what grew is red, what shrank is blue, all else grey', shop, async (page) => {
  const colors = await colorsOf(page, 2);
  const of = (id: string) =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector('.legend .change-${id}')).backgroundColor.match(/\\d+/g).join()`,
    );
  assert.ok(colors.has(await of('shrank')), 'show');
  assert.ok(colors.has(await of('same')), 'log');
  assert.ok((await colorsOf(page, 3)).has(await of('grew')), 'Shop.price');
});

const routeOf = (name: string) => (name.charCodeAt(0) % 2 === 0 ? 'GET /a' : 'GET /<b>');
const requests = (slow: number) => {
  const all = Array.from({ length: 60 }, (_, at) =>
    String.fromCharCode(0x4e00 + at).repeat((at % 2 === 0 ? 10 : slow) + (at % 3)),
  );
  return new RequestRecording({ routeOf }).add({ main: `.${all.join('.')}.` }).profile;
};

diffed('routes have a table', { before: requests(20), after: requests(30) }, async (page) => {
  const [first] = await rowsOf(page, '.part:first-of-type .changes');
  assert.match(first!.join('|'), /^GET \/<b>\|\+[\d.]+ ms ± [\d.]+ ms \+\d+%\|[\d.]+ ms\|[\d.]+ ms\|30\|30$/);
});

const empty = profileFromText('. .');
diffed('recordings of nothing say why', { before: empty, after: empty }, async (page) => {
  assert.match((await page.locator('.answer').textContent())!, /Nothing was sampled, before and after\./);
  assert.equal(await page.locator('.views').count(), 0);
});

const evil = ['</script><script>alert(1)</script>', '\u202egnp.exe', '<img src=x onerror=alert(1)>'];
const hostile = profileFromText('f0 f1 f2', {
  functions: Object.fromEntries(
    evil.map((name, at) => [`f${at}`, { qualifiedName: name, shortFile: `${name}.py` }]),
  ),
});
hostile.info = { ...hostile.info, title: evil[0]! };
diffed('names are data', { before: shop.before, after: hostile }, async (page) => {
  assert.equal(await page.locator('#app img, #app script').count(), 0);
  assert.match((await page.locator('.changes').textContent())!, /⟨U\+202E⟩gnp\.exe/);
});

for (const colorScheme of ['light', 'dark'] as const)
  diffed(
    `no barrier, ${colorScheme}`,
    { before: requests(20), after: requests(30) },
    async (page) => {
      await page.locator('button.code').first().click();
      assert.deepEqual(await barriers(page), []);
      await page.keyboard.press('?');
      assert.deepEqual(await barriers(page), [], 'help');
    },
    { colorScheme },
  );

diffed(
  'it fits into 360 pixels, with each change beside its name',
  shop,
  async (page) => {
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    const box = (await page.locator('td.change').first().boundingBox())!;
    assert.ok(box.x + box.width <= 360, `${box.x} + ${box.width}`);
  },
  { viewport: { width: 360, height: 740 } },
);

diffed(
  'without scripts there are the words and a table',
  shop,
  async (page) => {
    assert.match((await page.locator('.plain').textContent())!, /Shop\.price \(shop\/price\.py\) grew by/);
    assert.equal((await rowsOf(page, '.plain')).length, 9);
  },
  { javaScriptEnabled: false },
);
