import { frameworkContract } from '../../tests/support/framework-contract.js';
import { uwsgi } from './uwsgi.js';

frameworkContract(uwsgi, {
  programs: [
    { command: 'uwsgi --ini shop.ini', ps: 'uWSGI master' },
    { command: 'uwsgi --ini shop.ini', ps: 'uWSGI worker', below: ['uwsgi --ini shop.ini'] },
  ],
});
