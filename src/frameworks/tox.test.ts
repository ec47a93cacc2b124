import { frameworkContract } from '../../tests/support/framework-contract.js';
import { tox } from './tox.js';

frameworkContract(tox, {
  programs: [{ command: 'python -m tox', ps: 'tox' }],
});
