import { frameworkContract } from '../../tests/support/framework-contract.js';
import { pyramid } from './pyramid.js';

frameworkContract(pyramid, {
  busy: [
    'views.py:index < pyramid/viewderivers.py:rendered_view < pyramid/router.py:handle_request < pyramid/router.py:invoke_request < pyramid/router.py:__call__',
  ],
});
