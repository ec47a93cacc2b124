import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DescribedParent,
  describeProgram,
  isNameOfPython,
  type ProgramFacts,
} from './describe-program.js';

function facts(words: string | readonly string[], marks: readonly string[] = []): ProgramFacts {
  const list = typeof words === 'string' ? words.split(' ') : words;
  return { words: list, isInterpreter: /python/.test(list[0]!), marks };
}

function parent(words: string | readonly string[], marks: readonly string[] = []): DescribedParent {
  const own = facts(words, marks);
  return { facts: own, program: describeProgram(own, undefined, []) };
}

const werkzeug = ['WERKZEUG_RUN_MAIN=true'];

/** [the process, what it is, its parent]. What belongs to a framework is in the test of its file. */
const cases: readonly [ProgramFacts, string, DescribedParent?][] = [
  [facts('python /srv/app.py --x'), 'app.py'],
  [facts('python3 -m package.module'), 'python -m package.module'],
  [facts(['python', '-c', 'print(1)\nprint(2)']), 'python -c print(1) …'],
  [facts('/usr/bin/python3'), 'interactive Python'],
  [facts('python -'), 'a program from standard input'],
  [facts('python /opt/tool/__main__.py'), 'tool'],
  [facts('gdb ./a.out'), 'gdb (with Python inside)'],
  [facts('python app.py'), 'app.py, forked by its parent', parent('python app.py')],

  // What a process inherits from the one that serves makes it no server.
  [facts('python other.py', werkzeug), 'other.py', parent('python app.py', werkzeug)],
  [facts('python app.py', werkzeug), 'Flask child: app.py', parent('python app.py', werkzeug)],
  [{ words: ['my own name'], isInterpreter: true, marks: [] }, 'my own name'],
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

test('where only a name can be seen, some names are of Python', () => {
  for (const name of [
    'gunicorn: master [shop:app]',
    '[celeryd: a@b:MainProcess]',
    '/usr/bin/uwsgi',
    'ray::f',
  ])
    assert.ok(isNameOfPython(name), name);
  for (const name of ['apache2', 'notes', 'uwsgi --ini', 'bash']) assert.ok(!isNameOfPython(name), name);
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
