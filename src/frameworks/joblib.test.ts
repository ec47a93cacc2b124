import { frameworkContract } from '../../tests/support/framework-contract.js';
import { joblib } from './joblib.js';

frameworkContract(joblib, {
  programs: [
    {
      command: 'python -m joblib.externals.loky.backend.popen_loky_posix --process-name LokyProcess-1',
      ps: 'joblib worker',
    },
  ],
});
