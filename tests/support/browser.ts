import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** A Chromium of this machine; `undefined` when there is none. */
export const browserFile: string | undefined = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export const noBrowser = browserFile === undefined ? 'no Chromium on the PATH' : undefined;

/** Opens a file as a double-click does. Fails when the page throws, asks anything, or loads anything else. */
export function withPage(
  file: string,
  act: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const address = `file://${file}`;
  return withAddress(address, (url) => url === address, act, options);
}

/** Opens an address. Fails when the page throws, asks anything, or loads what is not its own. */
export async function withAddress(
  address: string,
  isOwn: (url: string) => boolean,
  act: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const browser = await chromium.launch({ executablePath: browserFile!, args: ['--no-sandbox'] });
  try {
    const page = await (
      await browser.newContext({ viewport: { width: 1200, height: 700 }, ...options })
    ).newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!isOwn(request.url())) wrong.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    await act(page);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  } finally {
    await browser.close();
  }
}
