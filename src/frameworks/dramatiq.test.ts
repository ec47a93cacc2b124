import { frameworkContract } from '../../tests/support/framework-contract.js';
import { dramatiq } from './dramatiq.js';

frameworkContract(dramatiq, {
  programs: [
    { command: 'python /bin/dramatiq shop.tasks', ps: 'dramatiq main process' },
    {
      command: 'python /bin/dramatiq shop.tasks',
      ps: 'dramatiq worker',
      below: ['python /bin/dramatiq shop.tasks'],
    },
  ],
});
