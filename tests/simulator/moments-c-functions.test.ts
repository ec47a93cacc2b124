import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Moments } from './moments.js';
import type { SimulatedProgram } from './simulated-python.js';

/** What `main` calls: by the name `sleep`, from elsewhere, and a function that calls its local variable. */
const program: SimulatedProgram = {
  main: [0, 'sleep', '?', 'local', 'one'],
  local: ['$', 0],
  one: [0],
  other: [0],
};
const apart = 11_000;

function known(version: 10 | 13, options = {}): Moments {
  const it = new Moments(version, program, options);
  for (const moment of ['main', 'main:1()', 'main:2()', 'main:3 local:0()', 'main:3 local:0()'])
    it.look(moment);
  return it;
}

for (const version of [10, 13] as const) {
  test(`a C function that has the name by which it was loaded is shown at once, on 3.${version}`, () => {
    assert.equal(known(version).look('main:1(time.sleep)'), 'main time.sleep');
    assert.equal(known(version, { cFunctions: false }).look('main:1(time.sleep)'), 'main');
    const it = known(version);
    it.inCall = false;
    assert.equal(it.look('main:1(time.sleep)'), 'main');
  });

  test(`what a call gave back is not shown as a call, however often it is seen, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.looks(20, 'main:1(time.time)', apart), 'main');
    assert.equal(it.looks(20, 'main:3 local:0(time.time)', 100), 'main local');
    // Also not when it can be called.
    const named = known(version);
    named.look('main:1(time.sleep)');
    assert.equal(named.looks(20, 'main:1(&ops.Thing)', apart), 'main');
  });

  test(`a thread that is blocked is within the call, on 3.${version}`, () => {
    const it = known(version);
    it.blocked = true;
    assert.equal(it.look('main:1(time.time)'), 'main time.time');
  });

  test(`a thread that is blocked below an outer frame may be between two of its calls, on 3.${version}`, () => {
    const it = known(version);
    it.blocked = true;
    const handler = version === 10 ? 'local' : 'C local';
    assert.equal(it.looks(4, `main:1(time.time) ${handler}`), 'main local');
    assert.equal(it.look(`main:1(time.sleep) ${handler}`), 'main time.sleep local');
    // Nor is it evidence for later.
    assert.equal(it.looks(20, `main:1(&ops.Thing) ${handler}`, apart), 'main local');
    it.blocked = false;
    assert.equal(it.look('main:1(&ops.Thing)', apart), 'main');
  });

  test(`without the GIL a thread may be between two calls, which is no evidence, on 3.${version}`, () => {
    const it = known(version);
    it.hasGil = false;
    assert.equal(it.looks(20, 'main:1(&ops.Thing)', apart), 'main');
    assert.equal(it.looks(20, 'main:2(time.sleep)', apart), 'main');
    it.hasGil = true;
    assert.equal(it.look('main:1(&ops.Thing)', apart), 'main');
    assert.equal(it.looks(8, 'main:1(&ops.Thing)', apart), 'main ops.Thing.__call__');
    it.hasGil = false;
    assert.equal(it.look('main:1(&ops.Thing)', apart), 'main ops.Thing.__call__');
  });

  test(`a C function in the local variable that it was loaded from is shown at once, on 3.${version}`, () => {
    assert.equal(known(version).look('main:3 local:0(=time.sleep)'), 'main local time.sleep');
  });

  test(`a C function that came from elsewhere is shown when it is there most of the times, on 3.${version}`, () => {
    const it = known(version);
    it.now += apart;
    const shown = Array.from({ length: 8 }, () => it.look('main:2(time.sleep)', apart));
    const [before, after] = [shown.slice(0, 5), shown.slice(6)];
    assert.deepEqual([...new Set(before)], ['main']);
    assert.deepEqual([...new Set(after)], ['main time.sleep']);
    // Times that lie close to each other are one.
    const often = known(version);
    assert.equal(often.looks(50, 'main:2(time.sleep)'), 'main');
    const inTurn = known(version);
    for (let look = 0; look < 20; look++) {
      inTurn.looks(2, 'main:2()', apart);
      assert.equal(inTurn.look('main:2(time.sleep)', apart), 'main');
    }
  });

  test(`an object that can be called may have another name than the one it was loaded by, on 3.${version}`, () => {
    assert.equal(known(version).looks(8, 'main:1(&ops.Thing)', apart), 'main ops.Thing.__call__');
  });

  test(`an object that is read when its call is over is no evidence, on 3.${version}`, () => {
    for (const blocked of [false, true])
      for (const to of ['main:1(&ops.Thing)', 'main local:0(&ops.Thing)', 'main:2(&ops.Other)']) {
        const it = known(version);
        it.looks(8, 'main:2(&ops.Thing)', apart);
        it.blocked = blocked;
        assert.equal(it.look('main:2(&ops.Thing)', apart), 'main ops.Thing.__call__');
        it.goesOn = { object: '&ops.Thing', to };
        assert.equal(it.look('main:2(&ops.Thing)', apart), 'main');
      }
  });

  test(`objects at ever new places are known as long as their call lasts, on 3.${version}`, () => {
    const things = Array.from({ length: 12 }, (_, at) => `&ops.Thing/${at}`);
    const shown = (to?: string) => {
      const it = known(version);
      for (const object of [...things, ...things]) {
        it.goesOn = to === undefined ? undefined : { object, to };
        it.look(`main:2(${object})`, apart);
      }
      return it.shown.join(' ');
    };
    assert.equal(shown(), 'main ops.Thing.__call__');
    assert.equal(shown('main:1()'), 'main');
  });

  test(`an object that comes and goes is copied with the frames, and read no more, on 3.${version}`, () => {
    const it = known(version);
    const thing = it.addressOf('&ops.Thing');
    let reads = 0;
    it.onRead = (address) => {
      if (address === thing) reads++;
    };
    it.looks(8, 'main:2(&ops.Thing)', apart);
    assert.ok(reads > 0);
    reads = 0;
    assert.equal(it.looks(20, 'main:2(&ops.Thing)'), 'main ops.Thing.__call__');
    assert.ok(reads <= 1, `${reads} times`);
  });

  test(`an object that was replaced by another one is not known for one sample, on 3.${version}`, () => {
    const it = known(version);
    it.blocked = true;
    assert.equal(it.look('main:1(time.time)'), 'main time.time');
    it.replace('time.time', 'ops.other');
    assert.equal(it.look('main:1(time.time)', apart), 'main');
    assert.equal(it.look('main:1(time.time)', apart), 'main ops.other');
  });

  test(`an object that is replaced while it is read has the one name or the other, on 3.${version}`, () => {
    const pairs = [
      ['time.time', 'ops.other'],
      ['time.time', '&ops.Thing'],
      ['%time.time', '%ops.other'],
    ] as const;
    const possible = ['main', 'main time.time', 'main ops.other', 'main ops.Thing.__call__'];
    for (const [object, by] of pairs)
      for (let first = 1; first < 6; first++)
        for (const last of [first + 1, first + 2, first + 4, 100]) {
          const it = new Moments(version, program);
          it.looks(2, 'main:1()');
          it.replace('ops.before', object);
          it.blocked = true;
          let reads = 0;
          it.onRead = () => {
            reads++;
            if (reads === first) it.replace(object, by);
            if (reads === last) it.replace(object, 'ops.before');
          };
          const when = `replaced by ${by} at read ${first}, and back at ${last}`;
          const shown = it.look(`main:1(${object})`);
          assert.ok(possible.includes(shown), `${shown}, ${when}`);
          it.onRead = () => {};
          it.replace(object, 'ops.before');
          it.look(`main:1(${object})`, apart);
          assert.equal(it.look(`main:1(${object})`, apart), 'main time.time', when);
        }
  });

  test(`a C function in the global variable that it was loaded from is shown at once, on 3.${version}`, () => {
    const it = new Moments(version, program);
    it.setGlobal('sleep', 'time.monotonic');
    it.looks(2, 'main:1()');
    assert.equal(it.look('main:1(time.time)'), 'main');
    assert.equal(it.look('main:1(time.monotonic)'), 'main time.monotonic');
  });

  test(`a function that runs other code by now is evidence of that, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.look(['main:2(one) one', 'main']), 'main one');
    it.runs('one', 'other');
    assert.equal(it.look(['main:2(one) other', 'main'], 1000), 'main other');
    assert.equal(it.look(['main:2(one) one 2/1', 'main'], 1000), 'main one');
  });

  test(`a function that is gone does not stand in for what is called, on 3.${version}`, () => {
    const it = known(version);
    it.look('main:2(one)');
    it.runs('one');
    assert.equal(it.look(['main:2(one) other 2/1', 'main'], 1000), 'main');
    assert.equal(it.look(['main:2() other', 'main'], 1000), 'main other');
  });
}
