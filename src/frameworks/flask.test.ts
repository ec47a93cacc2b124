import { frameworkContract } from '../../tests/support/framework-contract.js';
import { flask } from './flask.js';
import { servesWerkzeug } from './werkzeug.js';

const marks = [servesWerkzeug];

frameworkContract(flask, {
  programs: [
    { command: 'python -m flask --app shop run', ps: 'Flask: shop' },
    { command: 'python /bin/flask --app shop run --debug', ps: 'Flask, serving: shop', marks },
    { command: 'python app.py', ps: 'Flask, serving: app.py', marks, below: ['python app.py'] },
    { command: 'python app.py', ps: 'Flask reloader: app.py', childMarks: marks },
  ],
  busy: [
    'c:time.sleep < app.py:slow_route < flask/app.py:dispatch_request < flask/app.py:full_dispatch_request < flask/app.py:wsgi_app < flask/app.py:__call__',
  ],
});
