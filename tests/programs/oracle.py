"""Prints its own threads, their stacks and some values as one line of JSON, and stays as it is then. Runs on every Python."""
import json
import sys
import threading
import time

at_rest = []


def thread(function):
    """Has a thread run the function, which waits in `rest` or in one call of C, and waits until it is there."""
    arrived, gate = threading.Lock(), threading.Lock()
    arrived.acquire()
    gate.acquire()
    at_rest.append((arrived, gate))
    started = threading.Thread(target=function, args=(arrived, gate), name='at ' + function.__name__)
    started.daemon = True
    started.start()
    arrived.acquire()


class Shape(object):
    def __init__(self, depth):
        self.depth = depth

    def method(self, arrived, gate):
        return self.descend(self.depth, arrived, gate)

    def descend(self, left, arrived, gate):
        if left:
            return self.descend(
                left - 1,
                arrived, gate,
            )
        return Shape.of_class(arrived, gate)

    @classmethod
    def of_class(cls, arrived, gate):
        return cls.static(lambda: arrived.release() or gate.acquire())

    @staticmethod
    def static(function):
        return function()


def recursion(arrived, gate):
    Shape(30).method(arrived, gate)


def generators(arrived, gate):
    def inner():
        yield 1
        yield arrived.release() or gate.acquire()

    def outer():
        for value in inner():
            yield value

    return sum(value for value in outer())


def callback(arrived, gate):
    return sorted([1], key=lambda value: arrived.release() or gate.acquire())


def comprehension(arrived, gate):
    return [
        [arrived.release() or gate.acquire() for _ in range(2)]
        for _ in range(2)
    ]


def sleep(arrived, gate):
    arrived.release() or time.sleep(1000000)


def values(arrived, gate):
    none, true, small, negative, large = None, True, 7, -12345, 2 ** 100
    real, whole, imaginary = 0.1, 1e300, complex(1.5, -2)
    text, raw = 'text \' "', b'bytes'
    items, pair, table = [1, [2, 'three']], (1, 'two'), {'key': [None, 4.5]}
    empty, one = [], {3}
    nested = {'outer': {'inner': (1, 2)}}
    arrived.release() or gate.acquire()


def stack_of(frame):
    stack = []
    while frame:
        stack.append([frame.f_code.co_name, frame.f_lineno])
        frame = frame.f_back
    return stack


def all_threads():
    names = {one.ident: one.name for one in threading.enumerate()}
    threads, found = [], {}
    for ident, frame in sys._current_frames().items():
        if frame.f_code is all_threads.__code__:
            frame = frame.f_back
        if frame.f_code is values.__code__:
            hidden = ('arrived', 'gate')
            found = {name: repr(value) for name, value in frame.f_locals.items() if name not in hidden}
        threads.append({'name': names[ident], 'stack': stack_of(frame)})
    return json.dumps({'threads': threads, 'values': found}) + '\n'


def stays():
    # On one line, so that the printed line is that of the wait.
    (sys.stdout.write(all_threads()), sys.stdout.flush(), sys.stdin.readline())


for function in (recursion, generators, callback, comprehension, sleep, values):
    thread(function)
sys.stdout.write('ready\n')
stays()
