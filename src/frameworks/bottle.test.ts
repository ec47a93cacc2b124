import { frameworkContract } from '../../tests/support/framework-contract.js';
import { bottle } from './bottle.js';

frameworkContract(bottle, {
  busy: ['app.py:index < bottle.py:_handle < bottle.py:wsgi < bottle.py:__call__'],
});
