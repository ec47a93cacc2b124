"""Makes code, runs it and drops it, over and over. Each piece is numbered in its names, and no number comes twice.

`churn.py KIND SECONDS`: what is made, and for how long each piece runs. From the line `begin` on it counts, at the next one it prints how much
of the time it spent in `step` and `inner` functions, and ends.
"""
import code
import importlib
import json
import os
import sys
import tempfile
import threading
from time import perf_counter

TEXT = """
def inner_%(n)d(sec):
    end = clock() + sec
    while clock() < end: pass
def step_%(n)d(sec):
    end = clock() + sec
    while clock() < end: pass
    inner_%(n)d(sec)
"""


def text(n):
    """exec of a text"""
    names = {'clock': perf_counter}
    exec(TEXT % {'n': n}, names)
    return names['step_%d' % n]


def spin(sec):
    end = perf_counter() + sec
    while perf_counter() < end:
        pass


def renamed(n):
    """functions that differ in nothing but their names"""
    def step(sec):
        end = perf_counter() + sec
        while perf_counter() < end:
            pass
        inner(sec)
    inner = named(spin, 'inner_%d' % n)
    return named(step, 'step_%d' % n)


def named(function, name):
    names = {'co_name': name}
    if hasattr(function.__code__, 'co_qualname'):
        names['co_qualname'] = name
    return type(function)(function.__code__.replace(**names), globals(), name, None, function.__closure__)


def lambdas(n):
    """lambdas, told apart by their files"""
    inner = eval(compile('lambda sec: [0 for _ in iter(lambda: clock() < end(sec), False)]', 'inner_%d' % n, 'eval'), LAMBDA)
    step = eval(compile('lambda sec: ([0 for _ in iter(lambda: clock() < end(sec), False)], inner(sec))', 'step_%d' % n, 'eval'), LAMBDA)
    LAMBDA['inner'] = inner

    def bounded(sec):
        LAMBDA['until'] = perf_counter() + sec
        return step(sec)
    return bounded


LAMBDA = {'clock': perf_counter, 'end': lambda sec: LAMBDA['until']}


def classes(n):
    """classes made by a text within a function"""
    names = {'clock': perf_counter}
    methods = (TEXT % {'n': n}).replace('(sec):', '(self, sec):').replace('    inner_', '    self.inner_')
    exec('class Made_%d:' % n + methods.replace('\n', '\n    '), names)
    return getattr(names['Made_%d' % n](), 'step_%d' % n)


def modules(n):
    """a module that is changed and imported anew"""
    path = os.path.join(FOLDER, 'changing.py')
    with open(path, 'w') as file:
        file.write('from time import perf_counter as clock' + TEXT % {'n': n})
    importlib.invalidate_caches()
    if 'changing' in sys.modules:
        module = importlib.reload(sys.modules['changing'])
    else:
        module = importlib.import_module('changing')
    for name in list(vars(module)):
        if name.startswith(('step_', 'inner_')) and not name.endswith('_%d' % n):
            delattr(module, name)
    return getattr(module, 'step_%d' % n)


def templates(n):
    """templates: text compiled under a file name of its own, as template engines do"""
    names = {'clock': perf_counter}
    template = compile(TEXT.replace('_%(n)d', '') + 'step(sec)', 'step_%d' % n, 'exec')

    def render(sec):
        names['sec'] = sec
        exec(template, names)
    return render


def cells(n):
    """what is typed at a prompt"""
    for part in (TEXT % {'n': n}).strip().split('\ndef'):
        CONSOLE.runsource(part if part.startswith('def') else 'def' + part, '<cell %d>' % n, 'exec')
    step = CONSOLE.locals.pop('step_%d' % n)
    CONSOLE.locals.pop('inner_%d' % (n - 1), None)
    return step


CONSOLE = code.InteractiveConsole({'clock': perf_counter})
FOLDER = tempfile.mkdtemp()
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True


def main(kind, sec):
    make = globals()[kind]
    asked = threading.Event()
    began = [False]

    def listen():
        for line in sys.stdin:
            if line != 'begin\n':
                break
            began[0] = True
        asked.set()

    threading.Thread(target=listen, daemon=True).start()
    print('ready', flush=True)
    running = 0.0
    start = perf_counter()
    n = 0
    counted = False
    while not asked.is_set():
        if began[0] and not counted:
            counted = True
            running = 0.0
            start = perf_counter()
        n += 1
        function = make(n)
        begin = perf_counter()
        function(sec * (0.5 + n % 3 / 2))
        running += perf_counter() - begin
        # To drop it takes time as well, which is none of the pieces'.
        del function
    print(json.dumps({'made': running / (perf_counter() - start), 'pieces': n}), flush=True)


main(sys.argv[1], float(sys.argv[2]))
