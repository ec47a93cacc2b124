import type { BrowserContextOptions, Page } from 'playwright-core';
import { withAddress } from './browser.js';
import { Pyglass } from './pyglass.js';
import type { TestPython } from './pythons.js';
import { programFile, type Started, type Target, withTarget } from './targets.js';

/** `pyglass live` of a program. */
export interface Live {
  readonly run: Pyglass;
  readonly target: Target;
  /** Of the page; ends in a slash. */
  readonly url: string;
}

export interface LiveOptions extends BrowserContextOptions {
  readonly program?: Started;
  readonly args?: readonly string[];
}

/** Runs `act` with a server that samples, which is gone afterwards whatever happens. */
export function withLive(
  python: TestPython,
  act: (live: Live) => Promise<void>,
  { program = programFile('busy.py'), args = [] }: LiveOptions = {},
): Promise<void> {
  return withTarget(python, program, async (target) => {
    const run = new Pyglass(['live', '-p', String(target.pid), ...args]);
    try {
      await act({ run, target, url: (await run.printed(/^http:\S+\n/)).trim() });
    } finally {
      await run.stop();
    }
  });
}

/** The same with its page in a browser, once there are samples. */
export function withLivePage(
  python: TestPython,
  act: (page: Page, live: Live) => Promise<void>,
  options: LiveOptions = {},
): Promise<void> {
  const { program, args, ...context } = options;
  return withLive(
    python,
    (live) =>
      withAddress(
        live.url,
        (url) => url.startsWith(live.url),
        async (page) => {
          await page.waitForSelector('html[data-ready]');
          await act(page, live);
        },
        context,
      ),
    options,
  );
}

/** Waits until what the page says of itself fits. */
export async function status(page: Page, pattern: RegExp): Promise<void> {
  await page.locator('.live p', { hasText: pattern }).waitFor();
}

/** Microseconds of time that the page shows, by its summary. */
export async function amount(page: Page): Promise<string> {
  return (await page.locator('.amount b').textContent()) ?? '';
}
