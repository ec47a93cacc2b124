import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { profileFromText } from '../support/profile-from-text.js';
import { address, report, reportOf, rowsOf } from '../support/report-page.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function withSource(lines: readonly string[], isNewer = false) {
  const profile = profileFromText('work:2 work:2 work:2 work:4 | helper helper . .', {
    functions: {
      work: { file: '/app/work.py', firstLine: 1 },
      helper: { file: '/app/other.py' },
    },
  });
  profile.sources = [{ file: '/app/work.py', isNewer, parts: [{ first: 1, lines }] }];
  return profile;
}

const lines = ['def work():', '    x = helper("a")  # it', '', '    return x'];

report('lines have their source beside their time', withSource(lines), async (page) => {
  await page.click('#tab-functions');
  await page.click('.table button.code:text-is("work")');
  assert.equal((await address(page)).get('tab'), 'function');
  assert.deepEqual(await rowsOf(page, '.lines'), [
    ['1', '', '', 'def work():'],
    ['2', '10.0 ms25%', '30.0 ms75%', 'x = helper("a") # it'],
    ['3', '', '', ''],
    ['4', '10.0 ms25%', '10.0 ms25%', 'return x'],
  ]);
  assert.equal(await page.locator('.lines .of-comment').textContent(), '# it');
  assert.equal(await page.locator('.lines tr.hottest th').textContent(), '2');
  assert.equal(await page.locator('[role=note]').count(), 0);
  // What has none is as before.
  await page.click('#tab-functions');
  await page.click('.table button.code:text-is("helper")');
  assert.deepEqual(await rowsOf(page, '.lines'), [['1', '20.0 ms50%', '20.0 ms50%']]);
});

report('a file that was changed is marked', withSource(lines, true), async (page) => {
  await page.click('#tab-function');
  await page.click('#tab-functions');
  await page.click('.table button.code:text-is("work")');
  assert.match(
    (await page.locator('[role=note]').textContent()) ?? '',
    /lines may differ from those that ran/,
  );
});

for (const colorScheme of ['light', 'dark'] as const)
  report(
    `source can be read and reached on a small screen, ${colorScheme}`,
    withSource([...lines.slice(0, 3), `    return x${' + 1'.repeat(80)}`], true),
    async (page) => {
      await page.click('#tab-functions');
      await page.click('.table button.code:text-is("work")');
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
      assert.ok(
        await page.evaluate(
          "document.querySelector('.lines td.source').getBoundingClientRect().left < innerWidth / 2 + 20",
        ),
        'the source begins in sight',
      );
      await page.evaluate(axe);
      const found = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()');
      assert.deepEqual(
        found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'),
        [],
      );
      await page.focus('.lines');
      const scrolled = page.evaluate<boolean>(
        "new Promise((resolve) => { document.querySelector('.lines').addEventListener('scroll', () => resolve(true)); setTimeout(resolve, 9000, false); })",
      );
      await page.keyboard.press('ArrowRight');
      assert.ok(await scrolled);
    },
    { colorScheme, viewport: { width: 360, height: 740 } },
  );

const hostile = [
  'def work(): # </script><script>alert(1)</script>',
  '    <img src=x onerror=alert(1)> = "<img src=http://127.0.0.1:1/x>"',
  '<!-- \u202e \u0000 \u001b[31m \ud800 \u200b {{alert(1)}} </td></table>',
  "    f\"{<b>a</b>}\"\t'''<svg onload=alert(1)>",
];

report(
  'hostile source is text, and what is unseen in it is written out',
  withSource(hostile),
  async (page) => {
    await page.click('#tab-functions');
    await page.click('.table button.code:text-is("work")');
    const shown = (await rowsOf(page, '.lines')).map((row) => row[3]!);
    assert.equal(shown[0], hostile[0]);
    assert.equal(shown[1], hostile[1]!.trim());
    assert.equal(shown[2], '<!-- ⟨U+202E⟩ ⟨U+0000⟩ ⟨U+001B⟩[31m � ⟨U+200B⟩ {{alert(1)}} </td></table>');
    const tags = await page.evaluate<string[]>(
      "[...new Set([...document.querySelectorAll('.lines td.source *')].map(({ tagName }) => tagName))]",
    );
    assert.deepEqual(tags.sort(), ['CODE', 'SPAN']);
    assert.ok(!reportOf(withSource(hostile)).includes('onerror=alert'));
  },
);
