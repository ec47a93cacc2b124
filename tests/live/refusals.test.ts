import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { browserFile, noBrowser } from '../support/browser.js';
import { type Live, withLive } from '../support/live-page.js';
import { anyPython } from '../support/pythons.js';

const python = anyPython();

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/** One request as nobody but a test would send it. The answer is cut at its first bytes: events never end. */
function ask(
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      answer.setEncoding('utf8');
      const finish = (text: string) => {
        resolve({ status: answer.statusCode!, text, headers: answer.headers });
        asked.destroy();
      };
      answer.once('data', finish).once('end', () => finish(''));
    });
    asked.on('error', reject).end();
  });
}

const paths = ['', 'events', 'recording?number=1&from=0', 'save?number=1&until=100&duration=1'];
const posts = ['reset', 'follow?pid=1'];
const originOf = ({ url }: Live) => new URL(url).origin;

test('without its token nothing is answered', () =>
  withLive(python, async (live) => {
    const { url } = live;
    const origin = originOf(live);
    const token = new URL(url).pathname.slice(1, -1);
    assert.match(token, /^[\w-]{22}$/);
    const others = ['', '/', '/x', `${token.slice(0, -1)}`, `${token}x`, token.toUpperCase(), 'open'];
    for (const other of others)
      for (const path of ['', ...paths, 'favicon.ico']) {
        const { status, text } = await ask(`${origin}/${other}/${path}`);
        assert.equal(status, 403, `${other}/${path}`);
        assert.doesNotMatch(text, new RegExp(token));
      }
    for (const path of ['/', '/favicon.ico', `/${token}`, `/${token}/x/y`, `//${token}/`, `/open/${token}`])
      assert.equal((await ask(`${origin}${path}`)).status, 403, path);
    assert.equal((await ask(`${url}nothing`)).status, 404);
  }));

test('by another name, or of another origin, nothing is answered', () =>
  withLive(python, async (live) => {
    const { url } = live;
    const { port } = new URL(url);
    const origin = originOf(live);
    const foreign = [
      { host: `evil.test:${port}` },
      { host: `evil.test:${port}`, origin: `http://evil.test:${port}` },
      { origin: 'http://evil.test' },
      { origin: 'null' },
      { origin: `http://localhost:${port}` },
    ];
    for (const headers of foreign) {
      for (const path of paths) assert.equal((await ask(url + path, { headers })).status, 403, path);
      for (const path of posts)
        assert.equal((await ask(url + path, { method: 'POST', headers })).status, 403, path);
    }
    const sites = { 'sec-fetch-site': 'cross-site' };
    for (const path of paths.slice(1))
      assert.equal((await ask(url + path, { headers: sites })).status, 403, path);
    for (const path of posts) {
      assert.equal((await ask(url + path, { method: 'POST' })).status, 403, path);
      assert.equal((await ask(url + path, { headers: { origin } })).status, 404, path);
    }
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])
      assert.notEqual((await ask(url, { method, headers: { origin } })).status, 200, method);
    const { status, headers } = await ask(url, { headers: { host: `localhost:${port}` } });
    assert.equal(status, 200, 'a forwarded port');
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'sha256-/);
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(headers['set-cookie'], undefined);
  }));

test('only this machine is served', () =>
  withLive(python, async ({ url }) => {
    const { port } = new URL(url);
    // Loopback has more than one address; what listens on all of them answers here.
    const socket = connect(Number(port), '127.0.0.2');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
  }));

test('what a request says of itself is bounded, and is no way to stop the server', () =>
  withLive(python, async ({ url, run }) => {
    const { port, pathname } = new URL(url);
    const raw = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
        let said = '';
        socket.setEncoding('utf8').on('data', (part) => (said += part));
        socket.on('close', () => resolve(said)).on('error', () => resolve(said));
        socket.setTimeout(20_000, () => reject(new Error(`no answer to ${text.slice(0, 60)}`)));
      });
    const host = `Host: 127.0.0.1:${port}\r\nConnection: close\r\n`;
    assert.match(await raw('what is this\r\n\r\n'), /^HTTP\/1.1 400/);
    assert.match(await raw(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n`), /^HTTP\/1.1 431/);
    assert.match(
      await raw(`GET ${pathname}recording?number=1&from=1e400 HTTP/1.1\r\n${host}\r\n`),
      / 200 OK/,
    );
    assert.match(await raw(`GET ${pathname}recording?number=x&from=-1 HTTP/1.1\r\n${host}\r\n`), / 410 /);
    assert.match(await raw(`GET ${pathname}save?number=1&until=1e15 HTTP/1.1\r\n${host}\r\n`), / 410 /);
    assert.match(await raw(`GET http://evil.test/ HTTP/1.1\r\n${host}\r\n`), / 403 /);
    assert.match(await raw(`GET /%zz HTTP/1.1\r\n${host}\r\n`), / 403 /);
    assert.equal((await ask(url)).status, 200);
    assert.equal(run.child.exitCode, null);
  }));

/** What a page does that knows even the token: reads, frames, images, forms, events. */
const attack = (url: string) => `<!doctype html><title>evil</title><body><script>
const got = [];
const paths = ${JSON.stringify(paths)};
Promise.allSettled([
  ...paths.map((path) => fetch(${JSON.stringify(url)} + path).then((answer) => got.push('read ' + path))),
  ...paths.map((path) => fetch(${JSON.stringify(url)} + path, { mode: 'no-cors' })
    .then((answer) => answer.text()).then((text) => text && got.push('opaque ' + path))),
  fetch(${JSON.stringify(url)} + 'reset', { method: 'POST' }).then(() => got.push('reset')),
  fetch(${JSON.stringify(url)} + 'reset', { method: 'POST', mode: 'no-cors' }),
  new Promise((resolve) => {
    const events = new EventSource(${JSON.stringify(url)} + 'events');
    events.onmessage = () => { got.push('events'); resolve(); };
    events.onerror = () => { events.close(); resolve(); };
  }),
  new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = ${JSON.stringify(url)} + 'recording?number=1';
    script.onload = () => { got.push('script'); resolve(); };
    script.onerror = resolve;
    document.body.append(script);
  }),
  new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = 'framed';
    frame.src = ${JSON.stringify(url)};
    frame.onload = resolve;
    document.body.append(frame);
  }),
]).then(() => {
  const form = document.createElement('form');
  form.method = 'POST';
  form.action = ${JSON.stringify(url)} + 'reset';
  form.target = 'framed';
  document.body.append(form);
  document.querySelector('iframe').onload = () => { document.title = 'done ' + JSON.stringify(got); };
  form.submit();
});
</script>`;

test('a page of another origin can neither read nor drive it', { skip: noBrowser }, () =>
  withLive(python, async ({ url, run }) => {
    const evil = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(attack(url));
    });
    evil.listen(0, '127.0.0.1');
    await once(evil, 'listening');
    const browser = await chromium.launch({
      executablePath: browserFile!,
      args: ['--no-sandbox', '--host-resolver-rules=MAP *.test 127.0.0.1'],
    });
    try {
      const page = await browser.newPage();
      const { port } = evil.address() as AddressInfo;
      for (const host of ['localhost', 'evil.test']) {
        await page.goto(`http://${host}:${port}/`);
        await page.waitForFunction("document.title.startsWith('done')");
        assert.equal(await page.title(), 'done []', host);
        assert.equal(await page.frames()[1]!.locator('#app').count(), 0, 'it is in no frame');
      }
      // A name of another that leads here, after the page was loaded: its own origin by then.
      const rebound = url.replace('127.0.0.1', 'evil.test');
      assert.equal((await page.goto(rebound))!.status(), 403);
      assert.doesNotMatch(await page.content(), /<script>/);
      for (const path of [...paths, 'reset'])
        assert.equal(
          await page.evaluate(
            `fetch(${JSON.stringify(rebound + path)}, { method: ${JSON.stringify(path === 'reset' ? 'POST' : 'GET')} }).then(({ status }) => status)`,
          ),
          403,
          path,
        );
      assert.doesNotMatch(run.stderr, /Now sampling/, 'nothing was reset');
    } finally {
      await browser.close();
      evil.close();
    }
  }),
);
