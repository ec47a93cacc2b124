import { frameworkContract } from '../../tests/support/framework-contract.js';
import { daphne } from './daphne.js';

frameworkContract(daphne, {
  programs: [{ command: 'python /bin/daphne -p 8000 shop.asgi:app', ps: 'daphne: shop.asgi:app' }],
});
