import { frameworkContract } from '../../tests/support/framework-contract.js';
import { huey } from './huey.js';

frameworkContract(huey, {
  programs: [
    { command: 'python /bin/huey_consumer.py shop.huey', ps: 'huey main process' },
    {
      command: 'python /bin/huey_consumer.py shop.huey',
      ps: 'huey worker',
      below: ['python /bin/huey_consumer.py shop.huey'],
    },
  ],
});
