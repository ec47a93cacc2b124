import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortFileNamesIn } from '../../src/sampler/file-names.js';
import { changingImage } from '../support/changing-image.js';
import { stateFixtures } from '../support/images.js';

test('whether a folder is a package is asked once for all files in it', () => {
  const { memory, location } = changingImage(stateFixtures.at(-1)!);
  const asked: string[] = [];
  const hasFile = (path: string) => {
    asked.push(path);
    return path.startsWith('/app/shop/');
  };
  const shortName = shortFileNamesIn({ memory, hasFile }, location);
  assert.equal(shortName('/app/shop/cart.py'), 'shop/cart.py');
  assert.equal(shortName('/app/shop/order.py'), 'shop/order.py');
  assert.deepEqual(asked, ['/app/shop/__init__.py', '/app/__init__.py']);
});
