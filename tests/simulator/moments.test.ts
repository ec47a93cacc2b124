import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Moments } from './moments.js';
import type { SimulatedProgram } from './simulated-python.js';

/** `main` is at its step 0 where nothing else is said: there it calls nothing. */
const program: SimulatedProgram = {
  main: [0, 'left', 'right', '.leaf', '.other', 'main', 'sleep', '?', 'traced', '~gen'],
  left: [0, 'leaf', 'other', '~gen'],
  right: [0, 'leaf', 'other', 'left'],
  leaf: [0],
  other: [0, 'leaf'],
  work: [0],
  // Their bytecode is in no table.
  traced: ['!'],
  odd: ['!'],
  strange: ['!'],
  gen: [0, 'leaf'],
};

const both = [10, 13] as const;

/**
 * A Python of which these were seen, and `main`: so it is known where its stacks begin, and the copy has its value
 * stack.
 */
function known(version: 10 | 13, ...moments: string[]): Moments {
  const it = new Moments(version, program);
  for (const moment of ['main', 'main:6(time.sleep)', ...moments]) it.look(moment);
  return it;
}

/** Shows a moment now and then, each time to one copy only; what is shown each time. */
function nowAndThen(it: Moments, moment: string, times: number): string[] {
  return Array.from({ length: times }, () => {
    it.looks(10, 'main');
    return it.look([moment, 'main']);
  });
}

for (const version of both) {
  test(`a call whose function and name are on the value stack is shown at once, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.look(['main:1 left', 'main']), 'main left');
    assert.equal(it.look(['main:2 right:1 leaf', 'main']), 'main right leaf');
  });

  test(`a function that is shorter than a copy is shown from its second sample on, on 3.${version}`, () => {
    const it = known(version);
    assert.deepEqual(nowAndThen(it, 'main:2 right:1 leaf 3/2', 2), ['main', 'main right leaf']);
  });

  test(`a function that another one decorates is shown at its fourth sample, however rare, on 3.${version}`, () => {
    const it = known(version);
    assert.deepEqual(nowAndThen(it, 'main:1(work) work', 4), ['main', 'main', 'main', 'main work']);
  });

  test(`a function by another name is never shown while the current frame changes, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.looks(40, 'main:1(work) work 2/1'), 'main');
  });

  test(`a call by an instruction that is in no table is shown at its fourth sample, on 3.${version}`, () => {
    const it = known(version, 'main:8 traced');
    const traced = 'main traced';
    assert.deepEqual(nowAndThen(it, 'main:8 traced leaf', 4), [traced, traced, traced, `${traced} leaf`]);
  });

  test(`what cannot be called is shown only when it is there nearly always, on 3.${version}`, () => {
    // At an instruction that calls nothing; with another function on the value stack; by another name.
    const moments = ['main:0 leaf', 'main:1(other) left', 'main:1() right'];
    // Up to 3.10 it may have been called by way of C.
    for (const moment of version === 10 ? moments.slice(0, 1) : moments) {
      const it = known(version);
      assert.deepEqual([...new Set(nowAndThen(it, moment, 12))], ['main'], moment);
      it.look([moment, 'main']);
      assert.equal(it.look([moment, 'main']), 'main', moment);
      it.looks(10, 'main');
      for (let look = 0; look < 3; look++) assert.equal(it.look([moment, 'main']), 'main', moment);
      assert.notEqual(it.look([moment, 'main']), 'main', moment);
    }
  });

  test(`the first function of a property is shown at once, another one at its fourth sample, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.look(['main:3 leaf', 'main']), 'main leaf');
    assert.deepEqual(nowAndThen(it, 'main:3 other', 4), ['main', 'main', 'main', 'main other']);
  });

  test(`a property that is never seen to hold still is not shown, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.looks(40, 'main:3 leaf 2/1'), 'main');
  });

  test(`a known call is shown below other callers, also by a torn copy, on 3.${version}`, () => {
    const it = known(version, 'main:1 left:1 leaf', 'main:2 right:3 left');
    assert.equal(it.look('main:2 right:3 left:1() leaf 4/3'), 'main right left leaf');
  });

  test(`all calls of a stack are proven by the same samples, and by none that was torn, on 3.${version}`, () => {
    const deep = 'main:8 traced odd strange leaf';
    const whole = known(version, 'main:8 traced');
    assert.deepEqual(nowAndThen(whole, deep, 4), ['main', 'main', 'main', 'main traced odd strange leaf']);
    const torn = known(version, 'main:8 traced');
    torn.looks(40, ['main:8 traced odd strange 4/1', 'main']);
    torn.looks(4, 'main:8 traced odd');
    assert.equal(torn.look(['main:8 traced odd strange 4/1', 'main']), 'main traced odd');
  });

  test(`a caller that went on since is shown at its call, on 3.${version}`, () => {
    const it = known(version, 'main:1 left:1 leaf');
    assert.equal(it.look(['main:2() left:1 leaf 3/1', 'main']), 'main left leaf');
    assert.equal(it.look(['main:1 left:0() leaf 3/1', 'main']), 'main left leaf');
    assert.equal(it.ruleOf(['main:2() left:1 leaf 3/1', 'main']), 'as copied, caller put back');
  });

  test(`where a frame is another function's by now the function on the value stack is shown, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.look(['main:1 right 2/1', 'main']), 'main left');
    assert.equal(it.look(['main:2(work) other 2/1', 'main']), 'main');
  });

  test(`below a C function the caller did not go on, on 3.${version}`, () => {
    if (version === 10) return;
    const it = known(version, 'main:3 leaf', 'main:6(time.sleep)');
    assert.equal(it.shown.join(' '), 'main time.sleep');
    assert.equal(it.look(['main:6(time.sleep) C leaf 3/1', 'main']), 'main time.sleep');
    assert.equal(it.look(['main:6(time.sleep) C leaf', 'main']), 'main time.sleep leaf');
    assert.deepEqual(nowAndThen(it, 'main:6(time.sleep) C other', 4), [
      ...['main time.sleep', 'main time.sleep', 'main time.sleep', 'main time.sleep other'],
    ]);
  });

  test(`a call against the bytecode must be proven anew when it was doubted, each sample counting once, on 3.${version}`, () => {
    const it = known(version);
    it.looks(4, ['main:0 leaf', 'main']);
    assert.equal(it.look(['main:0 leaf', 'main']), 'main leaf');
    it.look('main', 11e6);
    for (let look = 0; look < 3; look++) assert.equal(it.look(['main:0 leaf', 'main']), 'main');
    assert.equal(it.look(['main:0 leaf', 'main']), 'main leaf');
  });

  test(`an accident does not stay believed, on 3.${version}`, () => {
    const it = known(version, 'main:1 left:1 leaf', 'main:2 right', 'main:2 right:2 other');
    const torn = ['main:2 right:0 leaf 3/2', 'main:2 right:2 other'];
    // Four copies in a row of two moments, which looked like one.
    assert.equal(it.looks(4, ['main:2 right:0 leaf', 'main:2 right:2 other']), 'main right leaf');
    assert.equal(it.look(torn), 'main right leaf');
    for (let second = 0; second < 10; second++) it.look('main', 1e6);
    for (let times = 0; times < 20; times++) {
      it.look('main:2 right:2 other');
      assert.notEqual(it.look(torn), 'main right leaf');
    }
  });

  test(`a frame that does not say its code any more has that of its instruction, on 3.${version}`, () => {
    if (version === 10) return;
    const it = known(version, 'main:1 left:1 leaf', 'main:1 left:2 other');
    assert.equal(it.look(['main:1 left:1() leaf? 3/2', 'main']), 'main left leaf');
    // Which proves no call.
    assert.equal(it.look(['main:4 leaf', 'main']), 'main leaf');
    for (const shown of nowAndThen(it, 'main:4 other?', 12)) assert.equal(shown, 'main');
    assert.equal(it.look('main:4 other?'), 'main');
  });

  test(`a copy that begins before anything is known is of a stack of which nothing is known, on 3.${version}`, () => {
    const it = new Moments(version, program);
    assert.equal(it.look('main:1 left 2/1'), '<unread>');
    assert.equal(it.look([...new Array<string>(10).fill('main:1 left 2/1'), 'main']), 'main');
  });

  test(`a deep stack that is not known is not its outermost function's, on 3.${version}`, () => {
    const it = known(version, 'main:8 traced');
    const deep = 'main:8 traced odd strange odd strange odd leaf 8/7';
    assert.equal(it.look(deep), 'main traced <unread>');
    assert.equal(it.losses.torn, 1);
    // A few frames can all have been left.
    assert.equal(it.look('main:8 traced odd strange 4/3'), 'main traced');
    assert.equal(it.look(deep.replace('8/7', '8/1')), 'main');
  });

  test(`what is read again may prove the call that lacked, and not take its place, on 3.${version}`, () => {
    const it = known(version, 'main:8 traced');
    assert.equal(it.look(['main:8 traced leaf', 'main:2 right']), 'main traced');
    assert.equal(it.look('main:8 traced leaf'), 'main traced leaf');
    // Two calls lack: then what is read again is shown.
    const twoLack = 'main:8 traced odd strange';
    assert.equal(it.look([twoLack, 'main:2 right']), 'main right');
    assert.equal(it.look([twoLack, twoLack, 'main:2 right']), 'main right');
    assert.equal(it.look(twoLack), 'main traced odd strange');
  });

  test(`a thread that runs no Python any more, and a process that ended, are read no more, on 3.${version}`, () => {
    const it = known(version, 'main:8 traced');
    assert.equal(it.ruleOf(['main:8 traced odd strange', '0']), 'no Python');
    assert.deepEqual(it.shown, []);
    it.endsAfter = 2;
    assert.equal(it.ruleOf('main:8 traced odd strange'), 'process ended');
    assert.equal(it.shown.join(' '), 'main traced');
    assert.equal(it.losses.torn, 0);
  });

  test(`what an outer frame calls is found out though the frame stands still, on 3.${version}`, () => {
    const it = known(version);
    const call = version === 10 ? 'main:7(time.sleep) left:1 leaf' : 'main:7(time.sleep) C left:1 leaf';
    it.looks(4, call);
    for (let look = 0; look < 10; look++) {
      it.look('main:7(time.sleep)', 11_000);
      it.looks(11, call, 1000);
    }
    assert.equal(it.shown.join(' '), 'main time.sleep left leaf');
  });

  test(`a link that leads back is not followed, on 3.${version}`, () => {
    const it = known(version, 'main:5 main:5 main', 'main:5 main:5 main');
    assert.equal(it.look(['main:5 main:5 main:5^ 3/2', 'main:1 left']), 'main main main');
    assert.equal(it.losses.truncated, 0);
  });

  test(`what is no frame takes nothing from the call that is there, on 3.${version}`, () => {
    const it = known(version);
    assert.equal(it.look(['main:3 leaf%', 'main']), 'main');
    assert.equal(it.look(['main:3 leaf', 'main']), 'main leaf');
  });

  for (const bound of ['nodes', 'sites', 'codes', 'functions'] as const)
    test(`when there are too many ${bound} all is forgotten, and known again at once, on 3.${version}`, () => {
      const it = new Moments(version, program, { most: { [bound]: bound === 'nodes' ? 12 : 3 } });
      const stacks: Readonly<Record<string, string>> = {
        main: 'main',
        'main:1 left': 'main left',
        'main:6(time.sleep)': 'main time.sleep',
        'main:2 right:1 leaf': 'main right leaf',
        'main:2 right:3 left:1 leaf': 'main right left leaf',
        'main:1 left:2 other:1 leaf': 'main left other leaf',
      };
      for (let round = 0; round < 12; round++)
        for (const [moment, shown] of Object.entries(stacks))
          if (round > 1) assert.equal(it.look(moment), shown);
          else it.look(moment);
      assert.ok(it.forgotten > 1);
      // What was known by numbers that are given anew proves nothing.
      for (let step = 0; step < 10; step++)
        for (const callee of ['leaf', 'other']) {
          it.look('main');
          assert.notEqual(it.look([`main:${step}() ${callee} 2/1`, 'main']), `main ${callee}`);
        }
    });

  test(`code that lies where other code was has its name in the same sample, on 3.${version}`, () => {
    const it = known(version);
    it.rename('main', 'newer');
    assert.equal(it.look(['main', 'main:1 left'], 1e6), 'newer');
  });

  test(`code that may have come after the frames of a copy is read again, on 3.${version}`, () => {
    const it = known(version);
    it.copyDelay = 100;
    it.rename('main', 'newer');
    assert.equal(it.look(['main', 'main:1 left'], 1e6), 'newer left');
  });

  test(`code that others take the place of again and again is shown when it stays, on 3.${version}`, () => {
    const replaced = (times: number) => {
      const it = known(version);
      it.late = 1000;
      let left = times;
      it.onCopy = () => {
        if (left-- > 0) it.rename('main', `newer${left}`);
      };
      return it.look('main', 1e6);
    };
    assert.equal(replaced(4), 'newer0');
    assert.equal(replaced(100), '<unread>');
  });

  test(`a name that is read long after the copy is not that of what ran, on 3.${version}`, () => {
    const it = known(version);
    it.late = 1000;
    assert.equal(it.look(['main:1 left', 'main:2 right']), 'main right');
  });

  test(`a copy that holds together is not read again, on 3.${version}`, () => {
    const it = known(version, 'main:1 left');
    assert.equal(it.ruleOf('main:1 left'), 'as copied');
    assert.equal(it.losses.retried, version === 10 ? it.losses.retried : 0);
  });
}

test('a caller that was shown where it had been is where it is in the next sample', () => {
  const it = known(13, 'main:2 right:3 left:1 leaf', 'main:2 right:3 left:1 leaf');
  assert.equal(it.look(['main:2 right:1 left:1 leaf 4/2', 'main']), 'main right left leaf');
  assert.equal(it.look(['main:2 right:1 leaf', 'main:1 left']), 'main right leaf');
});

test('a generator is shown at once, another one in its place at its fourth sample', () => {
  const it = known(13);
  assert.equal(it.look(['main:9 ~gen', 'main']), 'main gen');
  assert.deepEqual(nowAndThen(it, 'main:9 ~other', 4), ['main', 'main', 'main', 'main other']);
});

test('a generator below an iterator of C is shown at its fourth sample', () => {
  const it = known(13);
  it.blocked = true;
  const iterator = 'main builtins.map.__next__';
  assert.deepEqual(nowAndThen(it, 'main:9(@map) ~gen', 4), [
    ...[iterator, iterator, iterator, `${iterator} gen`],
  ]);
});

test('a generator that was left is below the frame that resumed it last', () => {
  const it = known(13, 'main:9 ~gen', 'main:9 ~gen:1 leaf', 'main:2 right');
  assert.equal(it.look(['main:9 ~gen! 2/1', 'main']), 'main gen');
  // Who resumed it is only a guess: it is not shown for that.
  it.looks(2, 'main:1 left:3 ~gen');
  assert.equal(it.look(['main:2 right ~gen! 3/2', 'main:1 left']), 'main left');
});

test('up to 3.10 a frame that was left is below the callers that it had', () => {
  const it = known(10, 'main:1 left:1 leaf', 'main:1 left:1 leaf');
  assert.equal(it.look(['main:1 left:1 leaf! 3/2', 'main']), 'main left leaf');
  const first = known(10, 'main:1 left:1 leaf:1 work', 'main:1 left:2 other');
  first.looks(4, 'main:1 left:1 leaf:1 work');
  assert.equal(first.look(['main:1 left:1 leaf! 3/2', 'main']), 'main left leaf');
});

test('up to 3.10 the links of deep recursion are of several moments: the callers seen last count', () => {
  const it = known(10, 'main:1 left:1 leaf', 'main:8 traced');
  assert.equal(it.look(['main:1() other:0() leaf 3/2', 'main']), 'main left leaf');
  // But not of a new call that held still, nor of a frame that was read later.
  assert.equal(it.look(['main:8 traced leaf', 'main']), 'main traced');
  assert.equal(it.look(['main:8 traced leaf*', 'main']), 'main traced');
});

test('up to 3.10 callers that were seen before all was forgotten are not shown any more', () => {
  const it = known(10, 'main:4 other', 'main:1 left:1 leaf', 'main:1 left:1 leaf');
  it.look('main', 11e6);
  assert.equal(it.forgotten, 1);
  for (const moment of ['main:2 right', 'main:2 right:3 left', 'main:2 right:2 other', 'main:1 left:2 other'])
    it.look(moment);
  assert.equal(it.look(['main:1() other:0() leaf 3/2', 'main']), 'main');
});

test('up to 3.10 a stack that lacks frames by its depth is not shown', () => {
  const calls = () => known(10, 'main:1 left:2 other:1 leaf', 'main:4 other:1 leaf');
  const [lacks, whole] = ['main:4 other #9', 'main:1 left:2 other'];
  assert.equal(calls().look([lacks, whole]), 'main left other');
  assert.equal(calls().look([lacks, lacks, whole]), 'main left other');
  assert.equal(calls().look(['main:1 left:2 other #2', 'main:4 other']), 'main other');
  // C functions may count as well; when more of them seem to do so again and again, they do.
  assert.equal(calls().look(['main:4 other #6', whole]), 'main other');
  assert.equal(calls().look(['main:4 other #7', whole]), 'main left other');
  assert.equal(calls().ruleOf(lacks), 'depth differs');
  // Also of what the pointer says afterwards.
  const moved = 'main:4 other traced odd strange odd strange odd';
  assert.equal(calls().look([`${moved} 8/2`, `${moved} 8/2`, whole]), 'main other');
  assert.equal(calls().look([`${moved} 8/2 #17`, `${moved} 8/2 #17`, whole]), 'main left other');
});

test('up to 3.10 an inner call of the outermost function is not taken for the outermost one', () => {
  const it = known(10, 'main:5 main:5 main', 'main:5 main');
  assert.equal(it.look(['main:5 main! 2/1', 'main:1 left']), 'main main');
});

test('up to 3.10 a frame in a new place is read by itself, and proves nothing', () => {
  const it = known(10, 'main:1 left:1 leaf');
  assert.equal(it.look(['main:1 left:1 leaf*', 'main']), 'main left leaf');
  assert.equal(it.look(['main:3 other*', 'main']), 'main');
  it.look('main:8 traced');
  for (let look = 0; look < 4; look++) assert.equal(it.look(['main:8 traced other*', 'main']), 'main traced');
});

test('up to 3.10 a stack of which each copy shows more frames in new places is looked for longer', () => {
  const it = known(10, 'main:8 traced');
  const growing = new Array<string>(20).fill('main:8 traced odd* strange*');
  assert.equal(it.look([...growing, 'main:2 right']), 'main right');
});

test('up to 3.10 what can be read no more is left out when the thread is read again', () => {
  const it = known(10, 'main:1 left:1 leaf', 'main:8 traced');
  it.onCopy = () => it.lose('leaf');
  assert.equal(it.look(['main:8 traced odd strange', 'main:2 right']), 'main right');
});

test('a frame whose link is cut is not the outermost one, also when it is that of the second pointer', () => {
  const it = known(13, 'main:5 main:5 main', 'main:5 main');
  const torn = 'main:5 main:5! traced odd strange odd strange odd 8/2';
  assert.equal(it.look([torn, torn, 'main:1 left']), 'main left');
});

test('up to 3.10 a frame that was read by itself is part of the next copy', () => {
  const it = known(10, 'main:1 left:1 leaf');
  assert.equal(it.ruleOf('main:1 left:1 leaf+'), 'frame read alone');
  assert.equal(it.ruleOf('main:1 left:1 leaf+'), 'as copied');
});

for (const version of both) {
  const changing = ['main:1 left 2/1', 'main:2 right 2/1', 'main:3 leaf 2/1', 'main:1 left'];

  test(`a sample that may take no more time ends with what is certain, on 3.${version}`, () => {
    const it = new Moments(version, program);
    it.mostCopies = 2;
    assert.equal(it.look(changing), '<unread>');
    assert.deepEqual([it.losses.retried, it.losses.torn], [1, 1]);
    it.mostCopies = Number.POSITIVE_INFINITY;
    assert.equal(it.look(changing), 'main left');
  });

  test(`nor is it read again for names when its time is up, on 3.${version}`, () => {
    const it = known(version);
    it.late = 1000;
    it.mostCopies = 2;
    it.onCopy = () => it.rename('main', `newer${it.losses.retried}`);
    assert.equal(it.look('main', 1e6), '<unread>');
    assert.equal(it.losses.retried, 1);
  });

  test(`a stack that was read ahead is shown at once though it changes while it is copied, on 3.${version}`, () => {
    const it = new Moments(version, program);
    const leaf = 'main:1 left:1 leaf';
    assert.equal(it.look([`${leaf} 3/2`, 'main']), 'main');
    const ahead = new Moments(version, program);
    ahead.ahead([`${leaf} 3/2`, `${leaf} 3/2`, leaf]);
    assert.equal(ahead.look([`${leaf} 3/2`, 'main']), 'main left leaf');
    assert.equal(ahead.losses.retried, 0);
  });

  test(`what never holds still is read ahead a few times, less often than at first later on, on 3.${version}`, () => {
    const it = new Moments(version, program);
    const steps = [1, 2].map(() => {
      let copies = 0;
      it.onCopy = () => copies++;
      it.ahead(['main:1 left 2/1', 'main:2 right 2/1']);
      return copies;
    });
    assert.deepEqual(steps, [8, 2]);
  });
}
