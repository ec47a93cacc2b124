import { frameworkContract } from '../../tests/support/framework-contract.js';
import { modWsgi } from './mod-wsgi.js';

frameworkContract(modWsgi, { programs: [{ command: '/usr/sbin/apache2 -k start', ps: 'mod_wsgi' }] });
