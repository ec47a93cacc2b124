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

/** Ticks a millisecond apart, for newcomers each of whose steps and samples takes `cost` milliseconds of CPU. */
class Ticks {
  readonly done: string[] = [];
  readonly found: (Newcomer | 'gone')[] = [];
  readonly known: Newcomer[] = [];
  #now = 0;
  #cpu = 0;
  readonly newcomers = new Newcomers(() => this.#cpu);
  readonly #cost: number;

  constructor(cost: number) {
    this.#cost = cost;
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
    this.done.push(what);
  }

  run(ticks: number): string[] {
    this.done.length = 0;
    for (let tick = 0; tick < ticks; tick++) {
      this.newcomers.beginTick(++this.#now);
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
