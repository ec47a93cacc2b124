import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { defaultView, type ViewOptions } from '../../src/analysis/view-options.js';
import { zlibCompression } from '../../src/disk/zlib-compression.js';
import { html } from '../../src/formats/html/html.js';
import { storedChunks } from '../../src/formats/stored-chunks.js';
import type { Profile } from '../../src/model/profile.js';
import { noBrowser, withPage } from './browser.js';
import { withFolder } from './recordings.js';

/** The report of a profile as one text. */
export function reportOf(profile: Profile, view: Partial<ViewOptions> = {}): string {
  return [...storedChunks(html, profile, { ...defaultView, ...view }, zlibCompression)].join('');
}

/** What a part of a page holds that is JSON. */
export function partOfReport<T>(page: string, name: string): T {
  const [, text = ''] = new RegExp(`id="part-${name}"[^>]*>([^<]*)<`).exec(page) ?? [];
  return JSON.parse(inflateRawSync(Buffer.from(text, 'base64')).toString()) as T;
}

export interface ReportOptions extends BrowserContextOptions {
  readonly view?: Partial<ViewOptions>;
}

/** A test of the report of a profile in a browser, once the page is there. */
export function report(
  name: string,
  profile: Profile,
  act: (page: Page) => Promise<void>,
  { view, ...options }: ReportOptions = {},
): void {
  test(name, { skip: noBrowser }, () =>
    withFolder(async (folder) => {
      const file = `${folder}/profile.html`;
      writeFileSync(file, reportOf(profile, view));
      await withPage(
        file,
        async (page) => {
          if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
          await act(page);
        },
        options,
      );
    }),
  );
}

/** What is behind `#` in the address. */
export async function address(page: Page): Promise<URLSearchParams> {
  return new URLSearchParams((await page.evaluate<string>('location.hash')).slice(1));
}

/** The cells of a table, a row each, as they are read. */
export async function rowsOf(page: Page, selector: string): Promise<string[][]> {
  return page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(`${selector} tbody tr`)})].map((row) => [...row.cells].map((cell) => cell.innerText.replaceAll(/\\s+/g, ' ').trim()))`,
  );
}
