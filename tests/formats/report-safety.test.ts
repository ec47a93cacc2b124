import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionInfo } from '../../src/model/profile.js';
import { barriers } from '../support/barriers.js';
import { profileFromText } from '../support/profile-from-text.js';
import { report, reportOf } from '../support/report-page.js';
import { RequestRecording } from '../support/request-recording.js';

const { profile: served } = new RequestRecording({ states: { a: 'RRWWG', b: 'RRRRW' } }).add({
  a: 'AABB.',
  b: '.CCC.',
});
const views = ['flame', 'functions', 'function', 'routes', 'time'];

for (const colorScheme of ['light', 'dark'] as const) {
  report(
    `no barrier in any view, ${colorScheme}`,
    served,
    async (page) => {
      for (const view of views) {
        await page.click(`#tab-${view}`);
        assert.deepEqual(await barriers(page), [], view);
      }
      await page.keyboard.press('?');
      assert.deepEqual(await barriers(page), [], 'help');
    },
    { colorScheme },
  );
}

report(
  'every view fits into 360 pixels',
  served,
  async (page) => {
    for (const view of views) {
      await page.click(`#tab-${view}`);
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), view);
    }
  },
  { viewport: { width: 360, height: 740 } },
);

const hostile = [
  '</script><script>alert(1)</script>',
  '</noscript><img src=x onerror=alert(1)>',
  '<!--',
  '<img src="http://127.0.0.1:1/x" onerror=alert(1)>',
  '"onmouseover="alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202egnp.exe\u202c',
  'nul\u0000bell\u0007escape\u001b[31m',
  'half \ud800 pair',
  '__proto__',
  'x'.repeat(10_000),
];
const functions: Record<string, Partial<FunctionInfo>> = {};
for (const [at, name] of hostile.entries())
  functions[`f${at}`] = { qualifiedName: name, file: `/app/${name}.py`, shortFile: `${name}.py` };
const names = Object.keys(functions).join(' ');
const evil = profileFromText({ [hostile[0]!]: names, [hostile[6]!]: names }, { functions });
evil.info = { ...evil.info, title: hostile[0]!, labels: { [hostile[1]!]: hostile[3]! } };
evil.processes[0] = { ...evil.processes[0]!, commandLine: hostile };

report('names are data, and what is invisible in them is written out', evil, async (page) => {
  for (const view of views.filter((id) => id !== 'routes')) {
    await page.click(`#tab-${view}`);
    assert.equal(await page.locator('#app img, #app script, #app iframe').count(), 0, view);
    const text = await page.evaluate<string>('document.body.innerText');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    assert.doesNotMatch(text, /[\u0000\u0007\u001b\u202e]/, view);
  }
  await page.click('#tab-functions');
  const table = (await page.locator('.view table').textContent())!;
  assert.match(table, /<\/script><script>alert\(1\)<\/script>/);
  assert.match(table, /⟨U\+202E⟩gnp\.exe/);
  assert.ok(table.length < 20_000);
  await page.locator('#search').fill('proto');
  assert.equal(await page.locator('.view tbody tr').count(), 1);
});

report(
  'without scripts there are the summary and a table',
  evil,
  async (page) => {
    assert.equal(await page.locator('.plain h1').textContent(), hostile[0]);
    assert.match((await page.locator('.plain table').textContent())!, /⟨U\+202E⟩gnp/);
    assert.equal(await page.locator('img').count(), 0);
  },
  { javaScriptEnabled: false },
);

test('the policy of the page lets nothing in, and all is in the file', () => {
  const page = reportOf(served);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  assert.match(
    policy!,
    /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$/,
  );
  assert.doesNotMatch(page, /<link|\ssrc=|@import|url\(/i);
  assert.equal(page.match(/<script>/g)?.length, 1);
});

report('the policy holds: no other script, no request', served, async (page) => {
  const blocked = await page.evaluate<string[]>(`new Promise((resolve) => {
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      seen.push(event.effectiveDirective);
      if (seen.length === 3) resolve(seen.sort());
    });
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    const image = new Image();
    image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
    fetch('data:,x').catch(() => {});
  })`);
  assert.deepEqual(blocked, ['connect-src', 'img-src', 'script-src-elem']);
  assert.equal(await page.evaluate('window.ran'), undefined);
});

report('on paper: the answer and the picture, without what is pressed', served, async (page) => {
  await page.emulateMedia({ media: 'print' });
  for (const [selector, isShown] of [
    ['.answer', true],
    ['.flames canvas', true],
    ['.filters', false],
    ['.tabs', false],
    ['.tools', false],
  ] as const)
    assert.equal(await page.locator(selector).first().isVisible(), isShown, selector);
});

const deep = profileFromText(Array.from({ length: 60 }, (_, at) => `f${at} f${at}`).join(' | '));
report(
  'on paper: all of the picture, as wide as the paper, and light',
  deep,
  async (page) => {
    // As it is while the browser prints it, the paper narrower than the window.
    await page.evaluate(`addEventListener('beforeprint', () => {
      const canvas = document.querySelector('.flames canvas');
      window.printed = [canvas.height / devicePixelRatio, document.documentElement.dataset.theme];
    })`);
    await page.pdf({ format: 'A5' });
    assert.deepEqual(await page.evaluate('window.printed'), [61 * 20, 'light']);
    const height = () => page.evaluate<number>("document.querySelector('.flames canvas').clientHeight");
    assert.ok((await height()) < 61 * 20, 'on the screen it is scrolled');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 600, height: 800 });
    for (const canvas of await page.locator('canvas').all()) {
      const box = (await canvas.boundingBox())!;
      assert.ok(box.x + box.width <= 600, `${box.x} + ${box.width}`);
    }
  },
  { colorScheme: 'dark' },
);
