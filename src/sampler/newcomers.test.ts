import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Newcomers } from './newcomers.js';

/** A process that is begun after so many steps. */
interface Newcomer {
  readonly name: string;
  steps: number;
  readonly isBegun: boolean;
  begin(time: number): void;
}

/**
 * Ticks a millisecond apart, for newcomers each of whose steps and samples takes `cost` milliseconds of CPU. `stretch`:
 * milliseconds that pass for each of CPU; `others`: CPU that each tick takes beside newcomers; `timeLeft`: milliseconds
 * from the beginning of a tick after which the next one is missed.
 */
class Ticks {
  readonly done: string[] = [];
  readonly found: (Newcomer | 'gone')[] = [];
  readonly known: Newcomer[] = [];
  #now = 0;
  #cpu = 0;
  readonly newcomers = new Newcomers(
    () => this.#cpu,
    false,
    () => this.#timeLeft - (this.#now - this.#began),
  );
  #began = 0;
  readonly #timeLeft: number;
  readonly #cost: number;
  readonly #stretch: number;
  readonly #others: number;

  constructor(cost: number, stretch = 0, others = 0, timeLeft = Number.POSITIVE_INFINITY) {
    this.#timeLeft = timeLeft;
    this.#cost = cost;
    this.#stretch = stretch;
    this.#others = others;
  }

  get now(): number {
    return this.#now;
  }

  process(name: string, steps = 2): Newcomer {
    const act = (what: string) => this.#act(`${what} ${name}`);
    return {
      ...{ name, steps },
      get isBegun() {
        return this.steps === 0;
      },
      begin() {
        act('learn');
        this.steps--;
      },
    };
  }

  #act(what: string): void {
    this.#cpu += this.#cost;
    this.#now += this.#cost * this.#stretch;
    this.done.push(what);
  }

  run(ticks: number): string[] {
    this.done.length = 0;
    for (let tick = 0; tick < ticks; tick++) {
      this.#began = ++this.#now;
      this.newcomers.beginTick(this.#now);
      this.#now += this.#others * this.#stretch;
      this.newcomers.serve([...this.known], this.#now, {
        next: () => this.#next(),
        sample: (process) => {
          this.#act(`sample ${process.name}`);
        },
      });
      this.newcomers.endTick(this.#now);
    }
    return this.done;
  }

  #next(): Newcomer | 'gone' | undefined {
    const found = this.found.shift();
    if (found && found !== 'gone') this.known.push(found);
    return found;
  }
}

test('one is learnt and sampled before the next is begun with', () => {
  const it = new Ticks(0.3);
  it.found.push(it.process('a'), 'gone', it.process('b'), it.process('c'));
  const first = it.run(10).filter((what, at, all) => all.indexOf(what) === at || what.startsWith('learn'));
  const expected = [
    'learn a',
    'learn a',
    'sample a',
    'learn b',
    'learn b',
    'sample b',
    'learn c',
    'learn c',
    'sample c',
  ];
  assert.deepEqual(first.slice(0, expected.length), expected);
});

test('those that are known are sampled in turn with what new ones leave', () => {
  const it = new Ticks(0.1);
  it.known.push(it.process('a', 0), it.process('b', 0), it.process('c', 0), it.process('d', 0));
  it.run(400);
  const samples = (name: string) => it.done.filter((what) => what === `sample ${name}`).length;
  for (const name of ['a', 'b', 'c', 'd'])
    assert.ok(Math.abs(samples(name) - 300) <= 2, `${samples(name)} of ${name}`);
  assert.ok(Math.abs(it.newcomers.leftOut - 400) <= 8, `${it.newcomers.leftOut}`);
  assert.ok(Math.abs(it.newcomers.cpu - 120) < 1, `${it.newcomers.cpu} ms`);
  for (let count = 0; count < 50; count++) it.found.push(it.process(`new ${count}`, 5));
  it.run(50);
  assert.deepEqual(
    it.done.filter((what) => what.startsWith('sample') && what.length === 8),
    [],
  );
});

test('what a known one has to learn again is learnt before its next sample, in steps, while others are left out', () => {
  const it = new Ticks(0.3);
  const [a, b] = [it.process('a', 0), it.process('b', 0)];
  it.known.push(a, b);
  it.run(3);
  a.steps = 4;
  const done = it.run(20);
  const next = done.indexOf('learn a');
  assert.deepEqual(done.slice(next, next + 5), ['learn a', 'learn a', 'learn a', 'learn a', 'sample a']);
  assert.ok(it.newcomers.leftOut > 20);
});

test('when some have waited for long, those without a sample get more than their part', () => {
  const it = new Ticks(0.1);
  for (let count = 0; count < 5000; count++) it.found.push(it.process(`${count}`));
  const began = it.run(50).length;
  assert.ok(Math.abs(began - 150) <= 6, `${began}`);
  assert.ok(Math.abs(it.run(50).length - 750) <= 50, `${it.done.length}`);
  assert.ok(
    it.done.every((what) => it.done.indexOf(what) === it.done.lastIndexOf(what) || what.startsWith('learn')),
  );
});

test('what they got more is made up for, by those that have samples', () => {
  const it = new Ticks(0.1);
  const known = it.process('known', 0);
  it.known.push(known);
  for (let count = 0; count < 500; count++) it.found.push(it.process(`${count}`));
  while (it.found.length > 0) it.run(1);
  it.known.splice(1);
  assert.equal(it.run(50).length, 0);
  assert.ok(it.run(60).length > 40, `${it.done.length}`);
});

test('where others have most of the processor, those without a sample get most of what is left', () => {
  const it = new Ticks(0.1, 20, 0.5);
  for (let count = 0; count < 200; count++) it.found.push(it.process(`${count}`));
  while (it.found.length > 0 || it.known.length < 200) it.run(1);
  // That is 60 ms of CPU, 1.2 s by the clock.
  assert.ok(it.now < 1400, `${it.now} ms`);
});

test('who samples for months seldom looks for what was found, but serves what is new at each tick', () => {
  const due = (isLasting: boolean) => {
    const newcomers = new Newcomers(() => 0, isLasting);
    const at: number[] = [];
    for (let time = 0; time <= 200; time += 10) {
      if (time === 100) newcomers.came(130);
      if (newcomers.areDue(time)) at.push(time);
    }
    return at;
  };
  assert.deepEqual(due(true), [0, 30, 60, 90, 100, 110, 120, 150, 180]);
  assert.equal(due(false).length, 21);
});

test('the sample of a newcomer may take 0.6 ms of CPU', () => {
  let cpu = 0;
  const newcomers = new Newcomers(() => cpu, false);
  const seen: boolean[] = [];
  const process = { isBegun: true, begin() {} };
  const sample = () => {
    for (const taken of [0, 0.55, 0.1]) {
      cpu += taken;
      seen.push(newcomers.isTimeUp);
    }
  };
  newcomers.beginTick(1);
  newcomers.serve([process], 1, { next: () => undefined, sample });
  assert.deepEqual(seen, [false, false, true]);
  // What others take is none of its business.
  cpu = 100;
  assert.equal(newcomers.isTimeUp, false);
});

test('no further step is done for newcomers that would make the next tick a missed one', () => {
  for (const [timeLeft, most] of [
    [1.05, 3],
    [0.7, 1],
  ] as const) {
    const it = new Ticks(0.1, 1, 0, timeLeft);
    it.known.push(...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => it.process(name, 0)));
    const samples = Array.from({ length: 20 }, () => it.run(1).length);
    assert.equal(Math.max(...samples), most);
    // At high rates there is never the time.
    assert.ok(Math.min(...samples) > 0);
  }
});

test('where some have waited for long, the next tick is not waited for', () => {
  const it = new Ticks(0.1, 1, 0, 0);
  for (let count = 0; count < 500; count++) it.found.push(it.process(`${count}`));
  it.run(60);
  assert.ok(it.run(1).length > 10, `${it.done.length}`);
});
