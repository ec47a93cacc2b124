import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrom } from '../disk/read-recording.js';
import { blockOf } from '../disk/recording-file.js';
import { sourceOfBytes } from '../disk/recording-source.js';
import { PyglassError } from '../model/error.js';
import { type LiveState, livePieceBytes } from '../model/live-state.js';
import { fileMagic, formatVersion } from '../recording/format.js';
import { LiveServer } from './live-server.js';
import type { LiveSource } from './live-source.js';

const start = { mode: 'wall', idle: false, lines: 'current', fullFileNames: false } as const;
/** Some pieces of what does not pack, as far as a reader cares: all of it is passed over. */
const bytes = Buffer.concat([
  Uint8Array.from([...fileMagic, formatVersion]),
  ...Array.from({ length: 5 }, () =>
    blockOf(Buffer.from(Array.from({ length: livePieceBytes }, () => Math.random() * 256))),
  ),
]);

class Source implements LiveSource {
  number = 1;
  readonly asked: string[] = [];
  answers = true;
  error: Error | undefined;

  state(): LiveState {
    return { recording: this.number, version: 1, status: 'sampling', pid: 7 };
  }
  recording(number: number) {
    if (this.error) throw this.error;
    return number === this.number ? sourceOfBytes(bytes) : undefined;
  }
  reset(): boolean {
    this.asked.push('reset');
    return this.answers;
  }
  follow(pid: number): boolean {
    this.asked.push(`follow ${pid}`);
    return this.answers;
  }
}

async function withServer(act: (server: LiveServer, source: Source) => Promise<void>): Promise<void> {
  const source = new Source();
  const server = new LiveServer(source, start);
  await server.listen(0);
  try {
    await act(server, source);
  } finally {
    await server.close();
  }
}

const post = (url: string, what: string) =>
  fetch(url + what, { method: 'POST', headers: { origin: new URL(url).origin } }).then(
    ({ status }) => status,
  );

test('a recording comes in pieces, and to its end', () =>
  withServer(async ({ url }) => {
    const pieces: Uint8Array[] = [];
    for (let from = 0; ; ) {
      const piece = new Uint8Array(
        await (await fetch(`${url}recording?number=1&from=${from}`)).arrayBuffer(),
      );
      pieces.push(piece);
      from += piece.length;
      if (piece.length < livePieceBytes) break;
    }
    assert.deepEqual(Buffer.concat(pieces), bytes);
    assert.equal((await fetch(`${url}recording?number=2&from=0`)).status, 410);
    const beyond = await fetch(`${url}recording?number=1&from=999999999`);
    assert.deepEqual([beyond.status, await beyond.text()], [200, '']);
  }));

test('what is saved ends where the page ends, and is complete', () =>
  withServer(async ({ url }, source) => {
    const until = bytes.length - 10;
    const answer = await fetch(`${url}save?number=1&until=${until}&duration=5000`);
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="live-7.pyglass"');
    const saved = Buffer.from(await answer.arrayBuffer());
    assert.deepEqual(saved.subarray(0, until), bytes.subarray(0, until));
    const whole = await fetch(`${url}save?number=1&until=${fileMagic.length + 1}&duration=5000`);
    const profile = readFrom(sourceOfBytes(Buffer.from(await whole.arrayBuffer())), 'saved');
    assert.deepEqual([profile.complete, profile.duration], [true, 5000]);
    for (const until of [0, bytes.length + 1, -1, 'x', ''])
      assert.equal((await fetch(`${url}save?number=1&until=${until}`)).status, 410);
    source.number = 2;
    assert.equal((await fetch(`${url}save?number=1&until=100`)).status, 410);
  }));

test('what cannot be done is said, and so is what the disk says', () =>
  withServer(async ({ url }, source) => {
    assert.equal(await post(url, 'reset'), 202);
    assert.equal(await post(url, 'follow?pid=12'), 202);
    source.answers = false;
    assert.equal(await post(url, 'reset'), 409);
    assert.equal(await post(url, 'follow?pid=12'), 409);
    assert.deepEqual(source.asked, ['reset', 'follow 12', 'reset', 'follow 12']);
    source.error = new PyglassError('disk-full', 'the disk is full');
    const answer = await fetch(`${url}recording?number=1&from=0`);
    assert.deepEqual([answer.status, await answer.text()], [500, 'the disk is full\n']);
  }));

test('an address for a command line leads to the page once', () =>
  withServer(async (server) => {
    const follow = (url: string) => fetch(url, { redirect: 'manual' });
    const unused = server.ticketUrl();
    const ticket = server.ticketUrl();
    assert.doesNotMatch(ticket, new RegExp(new URL(server.url).pathname.slice(1, -1)));
    assert.equal((await follow(unused)).status, 403, 'there is a later one');
    const answer = await follow(ticket);
    assert.equal(answer.status, 302);
    assert.equal(new URL(answer.headers.get('location')!, ticket).href, server.url);
    assert.equal((await follow(ticket)).status, 403);
    assert.equal((await follow(`${new URL(server.url).origin}/open/`)).status, 403);
  }));
