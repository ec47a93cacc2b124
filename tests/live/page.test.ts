import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { formatDuration, plural } from '../../src/analysis/human-units.js';
import type { SummaryReport } from '../../src/formats/summary/summary-report.js';
import { noBrowser } from '../support/browser.js';
import { amount, status, withLivePage } from '../support/live-page.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { address, rowsOf } from '../support/report-page.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();
const skip = noBrowser === undefined ? {} : { skip: noBrowser };
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Waits until it shows something else than now. */
async function grown(page: Page): Promise<void> {
  await page.locator('.facts', { hasNotText: (await page.locator('.facts').textContent())! }).waitFor();
}

/** The recording as the page shows it, as a file. */
async function saved(page: Page, folder: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^live-\d+\.pyglass$/);
  const path = `${folder}/saved.pyglass`;
  await download.saveAs(path);
  return path;
}

/** All that a page says of a recording in texts. */
async function textsOf(page: Page): Promise<string[]> {
  await page.click('#tab-functions');
  return page.evaluate(
    "[...document.querySelectorAll('.head h1, .facts, .answer, .timeline table, .view table')].map((one) => one.innerText)",
  );
}

test('it grows, and shows what reports of the saved recording say', skip, () =>
  withFolder((folder) =>
    withLivePage(python, async (page) => {
      await grown(page);
      await grown(page);
      await button(page, 'Pause page').click();
      await status(page, /^Paused at .*Sampling goes on\.$/);
      const shown = await textsOf(page);
      const path = await saved(page, folder);
      const summary = await pyglass('report', '--summary', '--json', path);
      assert.deepEqual([summary.status, summary.stderr], [0, '']);
      const { recording, time, busiest } = JSON.parse(summary.stdout) as SummaryReport;
      assert.ok(recording.complete);
      assert.equal(await amount(page), formatDuration(time.shownSeconds * 1e6));
      assert.ok(shown[1]!.includes(`${plural(recording.samples, 'sample')} at 100 a second`), shown[1]);
      const names = (await rowsOf(page, '.view .table')).map(([name]) => name!.split(' ')[0]);
      for (const { function: name } of busiest.functions) assert.ok(names.includes(name), name);
      const report = `${folder}/report.html`;
      assert.equal((await pyglass('report', '-o', report, path)).status, 0);
      const other = await page.context().newPage();
      await other.goto(`file://${report}`);
      await other.waitForSelector('html[data-ready]');
      assert.deepEqual(shown, await textsOf(other));
      await button(page, 'Resume').click();
      await grown(page);
    }),
  ),
);

test('what somebody has chosen stays while it grows', skip, () =>
  withLivePage(python, async (page) => {
    await page.locator('#search').fill('compute');
    await page.getByRole('combobox', { name: 'Time', exact: true }).selectOption('cpu');
    await button(page, 'Lines apart').click();
    await page.locator('.flames').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    const spoken = page.locator('.flames [aria-live]');
    const before = (await spoken.textContent())!;
    assert.match(before, /^compute /);
    const choices = (await address(page)).toString();
    assert.match(choices, /search=compute&mode=cpu.*zoom=/);
    await grown(page);
    await spoken
      .filter({ hasNotText: before })
      .filter({ hasText: /^compute / })
      .waitFor();
    assert.equal((await address(page)).toString(), choices);
    assert.match((await page.locator('.crumbs b').textContent())!, /^<module>/);
  }),
);

test('the last seconds move on, but not below somebody who chose a part of them', skip, () =>
  withLivePage(python, async (page) => {
    await button(page, '10 s').click();
    await page.locator('.timeline [role=application]').focus();
    await page.keyboard.press('ArrowRight');
    await status(page, /while a part of the time is chosen/);
    const facts = await page.locator('.facts').textContent();
    await page.keyboard.press('Escape');
    await status(page, /^Live/);
    await page.locator('.facts').filter({ hasNotText: facts! }).waitFor();
    await button(page, 'All').click();
    await page.locator('.timeline [role=application]').focus();
    await page.keyboard.press('ArrowRight');
    await grown(page);
    assert.ok((await address(page)).has('from'), 'a part of everything stays that part');
  }),
);

test('reset begins a new recording, for all viewers and in a file of its own', skip, () =>
  withFolder((folder) =>
    withLivePage(
      python,
      async (page, { run, url }) => {
        const other = await page.context().newPage();
        await other.goto(url);
        await other.waitForSelector('html[data-ready]');
        const since = async (of: Page) =>
          /^Recorded (\S+ \S+)/.exec((await of.locator('.facts').textContent())!)![1]!;
        const before = await since(page);
        await grown(page);
        await button(page, 'Reset').click();
        await run.said(/Now sampling/);
        for (const of of [page, other]) await of.locator('.facts').filter({ hasNotText: before }).waitFor();
        await grown(page);
        run.child.kill('SIGINT');
        const { status: exit, stderr } = await run.outcome();
        assert.equal(exit, 0, stderr);
        await status(page, /^pyglass has ended\. The page keeps what it has\.$/);
        assert.ok(await button(page, 'Reset').isDisabled());
        for (const name of ['run.pyglass', 'run-2.pyglass']) {
          assert.match(stderr, new RegExp(`Wrote .*${name}`));
          const report = await pyglass('report', '--summary', `${folder}/${name}`);
          assert.deepEqual([report.status, report.stderr], [0, '']);
        }
      },
      { args: ['-o', `${folder}/run.pyglass`] },
    ),
  ),
);

test('the page outlives its process, and offers the one that takes its place', skip, () =>
  withLivePage(python, async (page, { target, run }) => {
    await target.stop();
    await status(page, new RegExp(`^Process ${target.pid} has ended; this is what was sampled`));
    assert.ok(await button(page, 'Reset').isDisabled());
    assert.ok((await rowsOf(page, '.timeline table')).length > 0);
    await withTarget(python, programFile('busy.py'), async ({ pid }) => {
      await run.said(new RegExp(`the same command line runs: ${pid}\\.`));
      await button(page, `Show the new process, ${pid}`).click();
      await status(page, new RegExp(`^Live: process ${pid}$`));
      await grown(page);
    });
    await status(page, /has ended/);
    run.child.kill('SIGTERM');
    assert.equal((await run.outcome()).status, 0);
  }),
);

const hostile = `
import sys, threading, time
name = '</script><img src=x onerror=alert(1)>\\u202e'
scope = {}
source = 'def f(until):\\n    while time.time() < until: pass\\n'
exec(compile(source, '/app/<img src="http:__127.0.0.1:1_x">.py', 'exec'), {'time': time}, scope)
f = scope['f']
qualified = {'co_qualname': name} if sys.version_info >= (3, 11) else {}
f.__code__ = f.__code__.replace(co_name=name, **qualified)
def work():
    while True: f(time.time() + 0.01)
threading.Thread(target=work, name='</title><script>alert(2)</script>\\x1b[31m', daemon=True).start()
sys.stdout.write('ready\\n'); sys.stdout.flush()
work()
`;

test('names of the process are data', skip, () =>
  withLivePage(
    python,
    async (page) => {
      for (const view of ['flame', 'functions', 'function', 'time']) {
        await page.click(`#tab-${view}`);
        assert.equal(await page.locator('#app img, #app script, #app iframe').count(), 0, view);
        const text = await page.evaluate<string>('document.title + document.body.innerText');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        assert.doesNotMatch(text, /[\u0000\u0007\u001b\u202e]/, view);
      }
      await page.click('#tab-functions');
      assert.match((await page.locator('.view table').textContent())!, /<\/script><img src=x.*⟨U\+202E⟩/);
    },
    { program: { code: hostile }, args: ['-i'] },
  ),
);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const colorScheme of ['light', 'dark'] as const)
  test(`no barrier, and all fits into 360 pixels, ${colorScheme}`, skip, () =>
    withLivePage(
      python,
      async (page, { target }) => {
        const look = async (state: string) => {
          await page.evaluate(axe);
          const { violations } = await page.evaluate<{
            violations: { id: string; impact: string; nodes: { html: string }[] }[];
          }>('axe.run()');
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          assert.deepEqual(
            serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
            [],
            state,
          );
          assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), state);
        };
        await look('live');
        await button(page, 'Pause page').click();
        await look('paused');
        await button(page, 'Resume').click();
        await target.stop();
        await status(page, /has ended/);
        await withTarget(python, programFile('busy.py'), async ({ pid }) => {
          await button(page, `Show the new process, ${pid}`).waitFor();
          await look('ended');
        });
      },
      { colorScheme, viewport: { width: 360, height: 740 } },
    ),
  );
