# -*- coding: latin-1 -*-
"""Has threads whose stacks, lines and variables are known, each waiting for good: what the memory image of Python 2.7 is recorded of."""
import collections
import datetime
import fractions
import functools
import re
import sys
import threading
import time

gate = threading.Lock()
gate.acquire()


def wait(reason):
    gate.acquire()


class Classic:
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def method(self, part):
        def closure(own):
            wait((own, part))

        closure('!')


class Plain(object):
    def __init__(self, first):
        self.first = first

    @classmethod
    def of_class(cls, *names, **more):
        return cls.static(names, more)

    @staticmethod
    def static(names, more):
        raised = None
        try:
            raise KeyError('missing')
        except KeyError as error:
            raised = error
            wait('a static method')


class Slots(object):
    __slots__ = ('zulu', 'alpha', 'unset')


class Entered:
    def __enter__(self):
        wait('entering')

    def __exit__(self, *error):
        pass


def recurses(left):
    if left > 0:
        return recurses(
            left - 1
        )
    return Plain.of_class('made', depth=left)


def numbers():
    for number in xrange(5):
        yield number
    wait('a generator')


def consumes_generator():
    return sum(number for number in numbers())


def calls_back():
    return re.compile('b+').sub(on_match, 'abbbc')


def on_match(match):
    return sorted([3, 1, 2], key=lambda number: reduces(number))


def reduces(number):
    return reduce(adds, [number, number + 1], 10)


def adds(left, right):
    return map(wait, [left, right])


def enters():
    with Entered():
        pass


def executes():
    left = 1
    exec 'made = 2\nwait(made)'
    return left


def sleeps(seconds):
    time.sleep(
        seconds
    )


def holds_values():
    latin, encoded, wide = 'caf\xe9', 'caf\xc3\xa9', u'd\xe9j\xe0 vu \u4e2d \U0001f600'
    numbers = [0, -5, True, 2**31, 2**62, -2**63, 2**63, -2**100, 12L, 1.5, 3 + 4j, None]
    mixed = {'a': 1, u'\xfcber': (1,), 3: [set([1]), frozenset(), set()]}
    classic, class_ = Classic(1, 'two'), Classic
    slots = Slots()
    slots.zulu, slots.alpha = [2], 1
    bound, unbound, builtin, function = Plain(1).of_class, Classic.method, len, sleeps
    ordered = collections.OrderedDict([('z', 1), ('a', 2)])
    counted = collections.Counter('aab')
    grouped = collections.defaultdict(list, x=[1])
    point = collections.namedtuple('Point', 'x y')(1, 2)
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5, 6)
    others = [xrange(5), xrange(2, 20, 3), slice(1, 2), fractions.Fraction(1, 3), datetime.timedelta(1), bytearray('ab')]
    types = [int, Plain, ValueError('bad'), sys, Ellipsis, numbers.append]
    made = (number for number in 'abc')
    wait('values')


# Far down, so that lines need more than one step of a line table, whose steps have no sign.









































































































































def far_down(
    first,
    (second, third)=(
        1,
        2,
    ),
):
    result = [
        first,
        wait(
            second
        ),
    ]
    return result


waiters = [
    functools.partial(recurses, 3),
    consumes_generator,
    calls_back,
    enters,
    executes,
    functools.partial(sleeps, 1000000),
    functools.partial(Classic(1, 2).method, 'part'),
    functools.partial(far_down, 'first'),
    holds_values,
]
for number, function in enumerate(waiters):
    name = getattr(function, '__name__', None) or function.func.__name__
    thread = threading.Thread(target=function, name='%d %s' % (number, name))
    thread.daemon = True
    thread.start()
print('ready')
sys.stdout.flush()
waiters[-1] = function = 'main'
while True:
    gate.acquire()
