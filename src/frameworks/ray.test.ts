import { frameworkContract } from '../../tests/support/framework-contract.js';
import { ray } from './ray.js';

frameworkContract(ray, {
  programs: [
    { command: ['ray::train'], ps: 'Ray worker' },
    { command: 'python /lib/ray/_private/workers/default_worker.py --node-ip-address=1', ps: 'Ray' },
  ],
});
