// What is called a change, and what is found, in recordings of a program whose rounds are simulated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RoundsOptions, simulatedRounds } from '../../../tests/support/simulated-rounds.js';
import { defaultView, type Mode } from '../view-options.js';
import { type Diff, diffOf, isChange, secondsToSee } from './diff.js';

type Machine = Omit<RoundsOptions, 'seed' | 'slower'>;
/** By pair, whether others had more of the machine in one recording than in the other. */
type Busy = (pair: number) => readonly [number, number];

function compare(pair: number, slower: number, machine: Machine, busy: Busy, mode: Mode): Diff {
  const [first, second] = busy(pair);
  const before = simulatedRounds({ ...machine, seed: 2 * pair + 1, busy: first });
  const after = simulatedRounds({ ...machine, seed: 2 * pair + 2, busy: second, slower });
  return diffOf(before, after, { view: { ...defaultView, mode } });
}

const quiet: Busy = () => [0, 0];
const unlike: Busy = (pair) => (pair % 2 === 0 ? [0.02, 0.08] : [0.1, 0.01]);

/** In how many pairs anything is called a change, where nothing changed. */
function wrong(pairs: number, machine: Machine, busy: Busy = quiet, mode: Mode = 'wall'): number {
  let count = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const { whole, functions } = compare(1000 + pair, 1, machine, busy, mode);
    if (whole.verdict !== 'same' || functions.some(isChange)) count++;
  }
  return count;
}

/** In how many pairs it is found that a function takes a fifth longer. */
function found(pairs: number, machine: Machine, busy: Busy = quiet): number {
  let count = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const { functions } = compare(pair, 1.2, machine, busy, 'wall');
    if (functions.find(({ info }) => info?.name === 'parse')?.self.verdict === 'grew') count++;
  }
  return count;
}

test('a program that sleeps between two samples is not taken to lack a processor', () => {
  for (const rate of [100, 1000]) {
    const { contention } = compare(1, 1, { rate, pace: 66.7 }, quiet, 'wall');
    assert.ok(contention.before < 0.1 && contention.after < 0.1, JSON.stringify(contention));
  }
  const { contention } = compare(1, 1, { rate: 1000, pace: 66.7 }, () => [0.3, 0.5], 'wall');
  assert.ok(Math.abs(contention.before - 0.3) < 0.05 && Math.abs(contention.after - 0.5) < 0.05);
});

test('of two runs, nothing is called a change, however the program and the machine are', () => {
  assert.ok(wrong(40, { rate: 100 }) <= 4);
  assert.ok(wrong(40, { rate: 1000, seconds: 5 }) <= 4);
  assert.ok(wrong(40, { rate: 1000, pace: 66.7 }) <= 4);
  assert.ok(wrong(40, { rate: 1000, seconds: 5 }, unlike) <= 4);
  assert.ok(wrong(40, { rate: 1000, seconds: 5 }, unlike, 'cpu') <= 4);
});

test('that the machine is slower for a while, or busier, is no change of a function', () => {
  assert.ok(wrong(40, { rate: 1000, pace: 66.7, drift: 0.1 }) <= 5);
  assert.ok(wrong(20, { rate: 1000, seconds: 5 }, () => [0.1, 0.5], 'cpu') <= 2);
  const { factor } = compare(1, 1, { rate: 1000 }, () => [0.1, 0.5], 'cpu');
  assert.ok(Math.abs(factor - 0.9 / 0.5) < 0.1, `${factor}`);
});

test('a function that takes a fifth longer is found, also where others had some of the machine', () => {
  assert.ok(found(20, { rate: 1000 }) >= 19);
  assert.ok(found(20, { rate: 1000 }, unlike) >= 14);
  assert.ok(found(20, { rate: 1000, pace: 66.7, seconds: 30 }) >= 17);
});

const parseOf = ({ functions }: Diff) => functions.find(({ info }) => info?.name === 'parse')!.self;

/** How much longer `parse` has to take to be found in three of four pairs, by what pairs of equal runs say. */
function smallestSlower(machine: Machine): number {
  const smallest = Array.from({ length: 15 }, (_, pair) => {
    const { before, smallestSeen } = parseOf(compare(500 + pair, 1, machine, quiet, 'wall'));
    return smallestSeen / before;
  });
  const growth = smallest.sort((a, b) => a - b)[7]!;
  // Of each second: the rest of the program does not grow, so it is a smaller part of it.
  return 1 + growth / (1 - (1.55 / 8.355) * (1 + growth));
}

test('a function that takes longer makes no other one shrink', () => {
  const machine = { rate: 1000, pace: 66.7, seconds: 20 };
  let others = 0;
  for (let pair = 0; pair < 20; pair++) {
    const { functions } = compare(pair, 1.6, machine, quiet, 'wall');
    if (functions.some(({ info, self }) => info?.name !== 'parse' && self.verdict !== 'same')) others++;
  }
  assert.ok(others <= 2, `${others} of 20`);
});

test('what is said to be found in three of four pairs is', () => {
  for (const machine of [
    { rate: 1000, seconds: 4 },
    { rate: 100, seconds: 20 },
  ]) {
    const slower = smallestSlower(machine);
    let count = 0;
    for (let pair = 0; pair < 40; pair++)
      if (parseOf(compare(pair, slower, machine, quiet, 'wall')).verdict === 'grew') count++;
    assert.ok(count >= 22 && count <= 38, `${count} of 40, ${slower} times as long`);
  }
});

test('recordings as long as it is said to take find a fifth', () => {
  const short = compare(1, 1, { rate: 100, seconds: 10 }, quiet, 'wall');
  const { before, smallestSeen } = parseOf(short);
  assert.ok(smallestSeen > 0.2 * before);
  const seconds = secondsToSee(short, parseOf(short), 0.2)!;
  assert.ok(seconds > 20 && seconds < 120, `${seconds}`);
  const growth = 0.2 / (1 - (1.55 / 8.355) * 1.2);
  let count = 0;
  for (let pair = 0; pair < 20; pair++) {
    const diff = compare(pair, 1 + growth, { rate: 100, seconds }, quiet, 'wall');
    if (parseOf(diff).verdict === 'grew') count++;
  }
  assert.ok(count >= 13, `${count} of 20 in ${seconds} s`);
});
