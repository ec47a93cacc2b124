import { frameworkContract } from '../../tests/support/framework-contract.js';
import { supervisord } from './supervisord.js';

frameworkContract(supervisord, {
  programs: [{ command: 'python /bin/supervisord -n', ps: 'supervisord' }],
});
