import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffPageOf, narrowPair, shopPair } from '../../tests/support/diffed-pair.js';
import { type DiffKeyContext, diffKeys } from './diff-keys.js';
import { foundText, kindOf, type Only, rowsOf, type SortKey, sorted } from './diff-rows.js';
import { type DiffState, diffHashOf, diffStateOf, initialDiffState } from './diff-state.js';
import { DiffStore } from './diff-store.js';
import { DiffTree } from './diff-tree.js';
import { layOutBars } from './flame-bars.js';
import { nodeAt, pathOf } from './frame-tree.js';
import { findFrames } from './search.js';

const page = diffPageOf(shopPair());
const after = new DiffTree(page.trees.after, page.basis);
const rowOf = (name: string) => page.functions.findIndex((fn) => fn.name === name);
const namesOf = (only: Only, key: SortKey = 'self', isReversed = false, pattern?: RegExp) =>
  sorted(rowsOf(page.functions, only, pattern), key, isReversed).map(({ name }) => name);

test('a tree of calls has each in its place, and what became of it', () => {
  const price = nodeAt(after, ['main (app.py:1)', 'buy (app.py:1)', 'Shop.price (shop/price.py:1)']);
  assert.deepEqual(pathOf(after, price).length, 3);
  assert.equal(after.names[after.nameOf(after.parentOf(price))]!.name, 'buy');
  const { kind, mark, text } = after.changeOf(price);
  assert.equal(kind, 'grew');
  assert.match(mark, /^\+\d+%$/);
  assert.match(text, /^\d+ ms → \d+ ms per second \(± [\d.]+ ms\)$/);
  const children = Array.from(after.childrenOf(0), (node) => after.totalOf(node));
  assert.deepEqual(children, [after.totalOf(0)]);
  assert.ok(after.samplesOf(price) * 1000 === after.totalOf(price));
  assert.ok(after.selfOf(price) < after.totalOf(price));
  assert.deepEqual([after.waitingOf(price), after.selfWaitingOf()], [0, 0]);
  assert.equal(layOutBars(after, 0, 1000).count, page.trees.after.name.length);
});

test('frames that were not compared say nothing', () => {
  const before = new DiffTree(page.trees.before, page.basis);
  const sorted = before.names.findIndex(({ name }) => name === 'builtins.sorted');
  const node = page.trees.before.name.indexOf(sorted);
  assert.deepEqual(before.changeOf(node), { kind: 'same', shade: 0, mark: '', text: '' });
});

test('a search counts nested frames once, and a row has its names', () => {
  const price = findFrames(after, /price|tax/);
  assert.equal(price.count, 2);
  const marked = after.namesOf(rowOf('Shop.price'));
  assert.equal(after.timeWith(marked), price.time);
  assert.deepEqual(
    after.names.flatMap(({ name }, at) => (marked[at] ? [name] : [])),
    ['Shop.price'],
  );
});

test('a search finds what is too narrow to be drawn, and says what it did not see', () => {
  const { basis, trees } = diffPageOf(narrowPair());
  const tree = new DiffTree(trees.after, basis);
  assert.ok(layOutBars(tree, 0, 1000).count < trees.after.name.length);
  const rare = findFrames(tree, /^rare/);
  assert.deepEqual([rare.count, rare.time], [1, 2]);
  assert.equal(foundText(rare, tree), '<0.01% in 1 match');
  const many = diffPageOf(narrowPair(50_000)).trees.after;
  const cut = new DiffTree(many, basis);
  assert.equal(foundText(findFrames(cut, /^rare/), cut), '<0.01% in 1 match, 4 shorter calls not searched');
  assert.equal(foundText(findFrames(cut, /^nowhere/), cut), 'no match, 4 shorter calls not searched');
});

test('rows: what grew, what shrank, what a search leaves', () => {
  assert.deepEqual(namesOf('grew'), ['Shop.price', 'new_way', 'buy']);
  assert.deepEqual(namesOf('shrank'), ['old_way', 'show']);
  assert.deepEqual(namesOf('all', 'self', false, /^(log|tax) \(app/).sort(), ['log', 'tax']);
  assert.deepEqual(
    ['buy', 'old_way', 'log'].map((name) => kindOf(page.functions[rowOf(name)]!)),
    ['grew', 'shrank', 'same'],
  );
});

test('rows can be sorted: as they are, by name, by total change; and the other way', () => {
  const as = page.functions.map(({ name }) => name);
  assert.deepEqual(namesOf('all'), as);
  assert.deepEqual(namesOf('all', 'self', true), as.toReversed());
  assert.deepEqual(namesOf('all', 'name'), as.toSorted());
  assert.equal(namesOf('all', 'total')[0], 'old_way');
  const changes = namesOf('all', 'total').map((name) => page.functions[rowOf(name)]!.total);
  const firstSame = changes.findIndex(({ verdict }) => verdict === 'same');
  assert.ok(firstSame === 5 && changes.slice(firstSame).every(({ verdict }) => verdict === 'same'));
});

const initial = initialDiffState(page);
const chosen: DiffState = {
  ...{ search: 'a&b=#%', base: 'before', zoom: ['main (app.py:1)', '</script>'] },
  ...{ fn: 2, only: 'shrank', theme: 'dark' },
};

test('every choice is in the address and comes back; nonsense counts as not there', () => {
  assert.equal(diffHashOf(initial, initial), '');
  assert.deepEqual(diffStateOf(`#${diffHashOf(chosen, initial)}`, initial, 9), chosen);
  assert.deepEqual(diffStateOf('#base=x&only=1&fn=9&zoom=[1]&theme=pink', initial, 9), initial);
  assert.equal(diffStateOf('#fn=1.5', initial, 9).fn, -1);
});

/** A browser's address, as far as the store knows one. */
function withAddress(act: (address: { hash: string; steps: number; changed: () => void }) => void): void {
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const address = { hash: '', steps: 0, changed };
  const write = (_: unknown, __: string, url: string) => {
    address.hash = url.startsWith('#') ? url : '';
  };
  const fake: Record<string, unknown> = {
    location: {
      get hash() {
        return address.hash;
      },
      pathname: '/x.html',
      search: '',
    },
    history: {
      pushState: (...step: [unknown, string, string]) => {
        address.steps++;
        write(...step);
      },
      replaceState: write,
    },
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
  };
  const known = Object.keys(fake).map(
    (key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)] as const,
  );
  for (const [key, value] of Object.entries(fake))
    Object.defineProperty(globalThis, key, { value, configurable: true });
  try {
    act(address);
  } finally {
    for (const [key, descriptor] of known)
      if (descriptor) Object.defineProperty(globalThis, key, descriptor);
      else delete (globalThis as Record<string, unknown>)[key];
  }
}

test('what is marked is shown in a recording that has it', () =>
  withAddress((address) => {
    const store = new DiffStore(page);
    let changes = 0;
    const forget = store.listen(() => changes++);
    store.set({ search: 'x', zoom: ['main (app.py:1)'] });
    assert.deepEqual([store.tree, address.steps], [store.trees.after, 0]);
    store.mark(rowOf('old_way'));
    assert.deepEqual(
      [store.state.base, store.state.search, store.state.zoom, store.tree],
      ['before', '', [], store.trees.before],
    );
    store.mark(rowOf('Shop.price'));
    assert.deepEqual([store.state.base, address.steps, changes], ['before', 2, 3]);
    address.hash = '#fn=0';
    address.changed();
    assert.deepEqual([store.state.fn, store.state.base], [0, 'after']);
    forget();
    store.set({ fn: -1 });
    assert.deepEqual([changes, address.hash], [4, '']);
  }));

test('an address that is opened is what was chosen', () =>
  withAddress((address) => {
    address.hash = `#${diffHashOf(chosen, initial)}`;
    assert.deepEqual(new DiffStore(page).state, chosen);
  }));

test('keys do what the help says', () =>
  withAddress(() => {
    const store = new DiffStore(page);
    const field: string[] = [];
    let help = false;
    const press = (key: string) => {
      const context: DiffKeyContext = {
        ...{ store, help },
        setHelp: (is) => {
          help = is;
        },
        searchField: { current: { focus: () => field.push('focus'), blur: () => field.push('blur') } },
      };
      diffKeys.find(({ keys }) => keys.includes(key))!.run(context);
    };
    for (const [key, field, value] of [
      ['b', 'base', 'before'],
      ['b', 'base', 'after'],
      ['g', 'only', 'grew'],
      ['s', 'only', 'shrank'],
      ['a', 'only', 'all'],
      ['t', 'theme', 'dark'],
    ] as const) {
      press(key);
      assert.equal(store.state[field], value, key);
    }
    press('/');
    press('?');
    assert.deepEqual([field, help], [['focus'], true]);
    store.set({ search: 'x', fn: 1, zoom: ['main (app.py:1)'] });
    for (const left of [
      [false, 'x', 1, 1],
      [false, '', 1, 1],
      [false, '', -1, 1],
      [false, '', -1, 0],
    ]) {
      press('Escape');
      assert.deepEqual([help, store.state.search, store.state.fn, store.state.zoom.length], left);
    }
  }));
