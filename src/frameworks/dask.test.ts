import { frameworkContract } from '../../tests/support/framework-contract.js';
import { dask } from './dask.js';

frameworkContract(dask, {
  programs: [{ command: 'python /bin/dask worker tcp://host:8786', ps: 'Dask: worker' }],
});
