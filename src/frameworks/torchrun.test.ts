import { frameworkContract } from '../../tests/support/framework-contract.js';
import { torchrun } from './torchrun.js';

frameworkContract(torchrun, {
  programs: [{ command: 'python /bin/torchrun --nproc_per_node 4 train.py', ps: 'torchrun: train.py' }],
});
