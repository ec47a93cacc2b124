import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { largeProfile } from '../../benchmarks/html-report.js';
import { functionTable } from '../../src/analysis/function-table.js';
import { partOfProfile } from '../../src/analysis/part-of-profile.js';
import { defaultView, type ViewOptions } from '../../src/analysis/view-options.js';
import { report } from '../support/report-page.js';

// More runs than a page counts at once.
const profile = largeProfile(60_000, 2000);

function hottest(thread?: number, change: Partial<ViewOptions> = {}): string {
  const { rows } = functionTable(partOfProfile(profile, { thread }), { ...defaultView, ...change }, 9);
  return rows.find((row) => row.function >= 0)!.label.split(' (')[0]!;
}

const first = (page: Page) => page.textContent('#view tbody th button');

const counted = '#view[aria-busy=false]';

report('a large page is counted in pieces, and shows what was chosen last', profile, async (page) => {
  await page.click('#tab-functions');
  await page.waitForSelector(`${counted} table`);
  assert.equal(await first(page), hottest());
  // One after another, without waiting: the choices between are never shown.
  const shown = await page.evaluate<string[]>(`new Promise((resolve) => {
    const names = new Set();
    const view = document.querySelector('#view');
    const note = () => view.ariaBusy === 'true' || names.add(view.querySelector('tbody th button').textContent);
    new MutationObserver(note).observe(view, { subtree: true, childList: true, characterData: true, attributes: true });
    const choose = document.querySelector('select[aria-label=Thread]');
    for (const thread of [1, 2, 3]) {
      choose.value = String(thread);
      choose.dispatchEvent(new Event('change', { bubbles: true }));
    }
    const busy = view.ariaBusy;
    const until = () => {
      if (view.ariaBusy === 'true') setTimeout(until);
      else resolve([busy, ...names]);
    };
    setTimeout(until);
  })`);
  assert.equal(shown.at(-1), hottest(3));
  assert.equal(shown.length, 2, String(shown));
  await page.selectOption('select[aria-label=Time]', 'cpu');
  await page.waitForSelector(counted);
  assert.equal(await first(page), hottest(3, { mode: 'cpu' }));
});
