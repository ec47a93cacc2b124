import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FakeReceiver } from '../../tests/support/fake-receiver.js';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { partialSuccess } from '../../tests/support/read-otlp.js';
import { withFolder } from '../../tests/support/recordings.js';
import { defaultView } from '../analysis/view-options.js';
import type { ProfileMessage } from '../delivery/profile-message.js';
import { pprof } from '../formats/pprof.js';
import { AgentMetrics } from './agent-metrics.js';
import { AgentOutputs } from './agent-outputs.js';
import { readConfig } from './read-config.js';
import { sendOffset } from './send-offset.js';

const body = gzipSync(
  Buffer.concat([...pprof.write(profileFromText('work work'), defaultView)].map(Buffer.from)),
);

function message(pid: number): ProfileMessage {
  const from = Date.UTC(2026, 0, 1);
  return { service: 'shop', labels: { pid: `${pid}` }, from, until: from + 10_000, rate: 100, body };
}

/** The outputs of these flags, and what they log. */
function outputsOf(flags: Readonly<Record<string, unknown>>) {
  const logged: string[] = [];
  const metrics = new AgentMetrics();
  const config = readConfig({ flags: { window: '1', ...flags }, environment: {}, file: undefined });
  const outputs = new AgentOutputs(config, {}, metrics, (level, text, { reason } = {}) =>
    logged.push(`${level} ${text}${reason === undefined ? '' : `: ${reason}`}`),
  );
  return { outputs, metrics, logged };
}

test('a profile goes to the receiver and into the folder, and what is refused is counted', () =>
  withFolder(async (folder) => {
    await using receiver = await FakeReceiver.start();
    const { outputs, metrics, logged } = outputsOf({
      ...{ push: receiver.url, queueFolder: `${folder}/queue`, folder: `${folder}/kept` },
    });
    receiver.next.push({ status: 400 });
    outputs.push(message(1));
    await receiver.until(() => receiver.requests === 1);
    outputs.push(message(2));
    await receiver.until(() => receiver.received.length === 1);
    await outputs.close();
    assert.deepEqual(receiver.errors, []);
    assert.deepEqual(
      receiver.received.map(({ labels }) => labels['pid']),
      ['2'],
    );
    assert.equal(readdirSync(`${folder}/kept`).length, 2);
    const counted = (['profiles_total', 'profiles_refused_total', 'profiles_delivered_total'] as const).map(
      (name) => metrics.value(name),
    );
    assert.deepEqual([...counted, metrics.value('queue_profiles')], [2, 1, 1, 0]);
    assert.deepEqual(logged, ['warn a profile is refused: the answer was 400']);
  }));

test('what waits for its turn is sent at the end', () =>
  withFolder(async (folder) => {
    await using receiver = await FakeReceiver.start();
    const { outputs } = outputsOf({ push: receiver.url, queueFolder: `${folder}/queue`, window: '300' });
    outputs.push(message(1));
    await outputs.close();
    assert.equal(receiver.received.length, 1);
  }));

test('agents send at different moments after a window, and soon', () => {
  assert.deepEqual(
    [0, 0.5, 1].map((chance) => sendOffset(10_000, () => chance)),
    [0, 4000, 8000],
  );
  assert.equal(
    sendOffset(300_000, () => 1),
    8000,
  );
});

test('what the receiver took only in part counts as refused, and is not sent again', () =>
  withFolder(async (folder) => {
    await using receiver = await FakeReceiver.start();
    receiver.next.push({ status: 200, text: partialSuccess(1, 'too old') });
    const { outputs, logged, metrics } = outputsOf({
      ...{ push: receiver.url, pushFormat: 'otlp', queueFolder: `${folder}/queue` },
    });
    outputs.push(message(1));
    await outputs.close();
    assert.deepEqual(logged, ['warn a profile is refused: it took only a part of the profile: too old']);
    assert.deepEqual(
      [metrics.value('profiles_refused_total'), metrics.value('profiles_delivered_total'), receiver.requests],
      [1, 0, 1],
    );
  }));

test('warnings of the receiver do not fill the log, though each is another one', async () => {
  await using receiver = await FakeReceiver.start();
  for (const pid of [1, 2, 3])
    receiver.next.push({ status: 200, text: partialSuccess(0, `slow: ${pid} ms`) });
  const { outputs, logged, metrics } = outputsOf({ push: receiver.url, pushFormat: 'otlp' });
  for (const pid of [1, 2, 3]) outputs.push(message(pid));
  await outputs.close();
  assert.deepEqual(logged, ['warn the receiver warns']);
  assert.equal(metrics.value('profiles_delivered_total'), 3);
});

test('without a receiver nothing is queued, and none can come later', () => {
  const { outputs, metrics } = outputsOf({});
  outputs.push(message(1));
  assert.deepEqual([outputs.shownTarget, metrics.value('queue_profiles')], [undefined, 0]);
  const other = readConfig({
    flags: { push: 'http://user:hunter2@127.0.0.1:1' },
    environment: {},
    file: undefined,
  });
  assert.throws(() => outputs.setTarget(other, {}), { code: 'bad-option' });
  return outputs.close();
});

test('what a receiver is called says nothing of credentials', () =>
  withFolder(async (folder) => {
    const { outputs } = outputsOf({
      ...{ push: 'http://user:hunter2@127.0.0.1:1', queueFolder: `${folder}/queue` },
    });
    assert.equal(outputs.shownTarget?.includes('hunter2'), false);
    await outputs.close();
  }));
