import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from '../support/browser.js';
import { amount, withLivePage } from '../support/live-page.js';
import { anyPython } from '../support/pythons.js';

const python = anyPython();

test('the page grows', { skip: noBrowser }, () =>
  withLivePage(python, async (page) => {
    const before = await amount(page);
    await page.locator('.amount b', { hasNotText: before }).waitFor();
    assert.notEqual(await amount(page), before);
  }),
);
