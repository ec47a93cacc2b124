import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DescribedParent, describeProgram, type ProgramFacts } from './describe-program.js';

function facts(words: string | readonly string[], marks: readonly string[] = []): ProgramFacts {
  const list = typeof words === 'string' ? words.split(' ') : words;
  return { words: list, isInterpreter: /python/.test(list[0]!), marks };
}

function parent(words: string | readonly string[], marks: readonly string[] = []): DescribedParent {
  const own = facts(words, marks);
  return { facts: own, program: describeProgram(own, undefined, []) };
}

const spawned = [
  'python',
  '-c',
  'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)',
  '--multiprocessing-fork',
];
const tracker = ['python', '-c', 'from multiprocessing.resource_tracker import main;main(4)'];
const forkServer = ['python', '-c', "from multiprocessing.forkserver import main; main(5, 7, ['__main__'])"];
const xdist = ['/usr/bin/python', '-u', '-c', 'import sys;exec(eval(sys.stdin.readline()))'];
const werkzeug = ['WERKZEUG_RUN_MAIN=true'];
const django = ['RUN_MAIN=true'];

/** [the process, what it is, its parent] */
const cases: readonly [ProgramFacts, string, DescribedParent?][] = [
  [facts('python /srv/app.py --x'), 'app.py'],
  [facts('python3 -m package.module'), 'python -m package.module'],
  [facts(['python', '-c', 'print(1)\nprint(2)']), 'python -c print(1) …'],
  [facts('/usr/bin/python3'), 'interactive Python'],
  [facts('python -'), 'a program from standard input'],
  [facts('python /opt/tool/__main__.py'), 'tool'],
  [facts('gdb ./a.out'), 'gdb (with Python inside)'],
  [facts('python app.py'), 'app.py, forked by its parent', parent('python app.py')],

  [facts('python app.py', werkzeug), 'Flask, serving: app.py', parent('python app.py')],
  [facts('python other.py', werkzeug), 'other.py', parent('python app.py', werkzeug)],
  [facts('python app.py', werkzeug), 'Flask child: app.py', parent('python app.py', werkzeug)],
  [facts('python /bin/flask --app shop run --debug', werkzeug), 'Flask, serving: shop'],
  [facts('python -m flask --app shop run'), 'Flask: shop'],
  [
    facts('python manage.py runserver', django),
    'Django runserver, serving',
    parent('python manage.py runserver'),
  ],
  [facts('python manage.py migrate'), 'Django: migrate'],

  [facts('python /bin/gunicorn -b 127.0.0.1:80 shop.wsgi:app'), 'gunicorn arbiter: shop.wsgi:app'],
  [
    facts('python /bin/gunicorn shop:app'),
    'gunicorn worker: shop:app',
    parent('python /bin/gunicorn shop:app'),
  ],
  [facts('python -m gunicorn shop:create()'), 'gunicorn arbiter: shop:create()'],
  [facts(['gunicorn: master [shop:app]', '', '']), 'gunicorn arbiter: shop:app'],
  [facts(['gunicorn: worker [shop:app]']), 'gunicorn worker: shop:app'],
  [facts('python /bin/uvicorn shop:app'), 'uvicorn, serving: shop:app'],
  [facts('python -m uvicorn shop:app --reload'), 'uvicorn reloader: shop:app'],
  [facts(spawned), 'uvicorn, serving', parent('python -m uvicorn shop:app --reload')],
  [facts(spawned), 'uvicorn worker', parent('python /bin/uvicorn shop:app --workers 4')],
  [facts(spawned), 'multiprocessing worker', parent('python /bin/uvicorn shop:app')],
  [facts('uwsgi --ini shop.ini'), 'uWSGI master'],
  [facts('uwsgi --ini shop.ini'), 'uWSGI worker', parent('uwsgi --ini shop.ini')],

  [facts('python /bin/celery -A shop worker'), 'celery main process: shop'],
  [
    facts('python -m celery -A shop worker'),
    'celery worker: shop',
    parent('python -m celery -A shop worker'),
  ],
  [facts(['[celeryd: celery@host:MainProcess] -active- (worker)']), 'celery main process'],
  [facts(['[celeryd: celery@host:ForkPoolWorker-1]']), 'celery worker'],
  [facts('python /bin/celery -A shop beat'), 'celery beat'],
  [facts(['[celery beat] -A shop beat']), 'celery beat'],
  [{ words: ['my own name'], isInterpreter: true, marks: [] }, 'my own name'],

  [facts(spawned), 'multiprocessing worker', parent('python app.py')],
  [facts(tracker), "multiprocessing's resource tracker", parent('python /bin/uvicorn shop:app --workers 4')],
  [facts(forkServer), "multiprocessing's fork server", parent('python app.py')],
  [facts(forkServer), 'multiprocessing worker', parent(forkServer)],

  [facts('python -m ipykernel_launcher -f /tmp/kernel-1.json'), 'Jupyter kernel'],
  [facts('python /bin/jupyter-lab'), 'Jupyter server'],
  [facts('python -m pytest -n 2'), 'pytest'],
  [facts(xdist), 'pytest-xdist worker', parent('python -m pytest -n 2')],
  [facts('python /bin/streamlit run app.py'), 'Streamlit: app.py'],
];
for (const [own, words, above] of cases) {
  test(`${own.words.join(' ').replace('\n', ' ')}${above ? ` below ${above.facts.words[0]} ${above.facts.words[1]}` : ''}`, () => {
    assert.equal(describeProgram(own, above, []).words, words);
  });
}

test('a reloader is known by the child that serves', () => {
  const own = facts('python app.py');
  assert.deepEqual(describeProgram(own, undefined, [facts('python app.py', werkzeug)]), {
    kind: 'flask',
    role: 'reloader',
    words: 'Flask reloader: app.py',
  });
  assert.equal(describeProgram(own, undefined, [facts('python app.py')]).kind, 'script');
});

test('an interpreter of any name has a command line of python', () => {
  const renamed = { words: ['/opt/app/engine', '-m', 'shop'], isInterpreter: true, marks: [] };
  assert.equal(describeProgram(renamed, undefined, []).words, 'python -m shop');
});

test('words of megabytes cost no more than their beginning', () => {
  const huge = ['python', '-c', 'x'.repeat(1 << 24), 'y '.repeat(1 << 22)];
  assert.ok(describeProgram(facts(huge), undefined, []).words.length < 5000);
  const patterns = ['python', 'app.py', 'a.a:'.repeat(1 << 20)];
  assert.equal(describeProgram(facts(patterns), undefined, []).words, 'app.py');
});
