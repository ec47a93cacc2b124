import assert from 'node:assert/strict';
import { type Recording, record, type Sample, samplesOf, snapshot } from '../../src/index.js';
import { eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

/** What is streamed, and a way to wait for it. */
class Stream {
  #wanted: { is: (sample: Sample) => boolean; found: () => void } | undefined;
  readonly onSample = (sample: Sample) => {
    if (this.#wanted?.is(sample)) this.#wanted.found();
  };

  /** Of what comes from now on. */
  until(is: (sample: Sample) => boolean, { finished }: Recording): Promise<unknown> {
    const found = new Promise<void>((resolve) => {
      this.#wanted = { is, found: resolve };
    });
    return Promise.race([found, finished.then(() => assert.fail('it ended'))]);
  }
}

eachPython('labels are those of the thread and the time that they were set for', (target) =>
  withTarget(target, programFile('service.py'), async ({ pid }) => {
    const { processes } = await snapshot(pid);
    const { threadId } = processes[0]!.threads.find(({ name }) => name === 'server')!;
    const stream = new Stream();
    await using recording = await record({ pid, onSample: stream.onSample });
    const server = (sample: Sample) => sample.thread.threadId === threadId;
    await stream.until((sample) => server(sample) && Object.keys(sample.labels).length === 0, recording);
    const phase = recording.label({ phase: 'load', job: 'none' });
    const job = recording.label({ job: '1' }, { threadId });
    await stream.until((sample) => server(sample) && sample.labels['job'] === '1', recording);
    phase.end();
    await stream.until((sample) => server(sample) && sample.labels['phase'] === undefined, recording);
    job.end();
    await stream.until((sample) => server(sample) && sample.labels['job'] === undefined, recording);
    await recording.stop();

    const seen = new Map<string, string[]>();
    for (const { thread, labels } of samplesOf(recording.profile())) {
      const key = JSON.stringify(labels);
      const of = thread.threadId === threadId ? 'server' : 'others';
      const known = seen.get(of) ?? [];
      if (known.at(-1) !== key) known.push(key);
      seen.set(of, known);
    }
    // Both labels may be seen at the same tick, and one thread may be sampled for the first time after that.
    assert.deepEqual(
      seen.get('server')!.filter((key) => key !== '{"job":"none","phase":"load"}'),
      ['{}', '{"job":"1","phase":"load"}', '{"job":"1"}', '{}'],
    );
    assert.deepEqual(seen.get('others')!.slice(-2), ['{"job":"none","phase":"load"}', '{}']);
  }),
);
