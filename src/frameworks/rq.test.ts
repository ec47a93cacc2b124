import { frameworkContract } from '../../tests/support/framework-contract.js';
import { rq } from './rq.js';

frameworkContract(rq, {
  programs: [
    { command: 'python /bin/rq worker high default', ps: 'RQ worker' },
    { command: 'python /bin/rqworker', ps: 'RQ worker job', below: ['python /bin/rqworker'] },
  ],
});
