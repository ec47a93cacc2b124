import { frameworkContract } from '../../tests/support/framework-contract.js';
import { debugpy } from './debugpy.js';

frameworkContract(debugpy, {
  programs: [{ command: 'python -m debugpy.adapter --port 5678', ps: 'debugpy' }],
});
