import { frameworkContract } from '../../tests/support/framework-contract.js';
import { pip } from './pip.js';

frameworkContract(pip, {
  programs: [{ command: 'python -m pip install flask', ps: 'pip: install' }],
});
