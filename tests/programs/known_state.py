"""Has threads whose stacks, lines and variables are known, each waiting for good: what memory images are recorded of."""
import functools
import re
import sys
import threading
import time

gate = threading.Lock()
gate.acquire()


def wait(reason):
    gate.acquire()


class Plain:
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def method(self):
        pass


class Slots:
    __slots__ = ('zulu', 'alpha', 'unset')


class Money(int):
    def __repr__(self):
        return 'cannot be asked'


class Tree:
    """Recursion, a property, a class method, a static method."""

    def __init__(self, depth):
        self.depth = depth

    def descend(self, depth):
        if depth < self.depth:
            return self.descend(
                depth + 1
            )
        return self.leaf

    @property
    def leaf(self):
        return Tree.of_class('made', depth=self.depth)

    @classmethod
    def of_class(cls, *names, **more):
        return cls.static(cls, names, more)

    @staticmethod
    def static(given, names, more):
        plain = Plain(1, 'two')
        slots = Slots()
        slots.zulu, slots.alpha = [2], 1
        money = Money(5)
        part = functools.partial(int, base=2)
        bound = plain.method
        nested = Plain(Plain(1, 2), [Plain(3, 4)])
        raised = None
        try:
            raise KeyError('missing')
        except KeyError as error:
            raised = error
            wait('a static method')


def comprehends():
    factor = 3
    return [
        [wait((number, letter, factor)) for letter in 'xyz' if letter > 'x']
        for number in range(10, 13)
    ]


def numbers():
    for number in range(5):
        yield number
    received = yield from inner_numbers('inner')


def inner_numbers(label):
    yield 5
    wait(label)


def consumes_generator():
    total = sum(number for number in numbers())
    return total


async def outer_coroutine(name):
    async with Context() as context:
        async for item in items(context):
            await inner_coroutine(item, name=name)


class Context:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass


async def items(context):
    yield {'context': type(context).__name__}


async def inner_coroutine(item, *, name):
    wait(name)


def drives_coroutine():
    try:
        outer_coroutine('driven').send(None)
    except StopIteration:
        pass


def calls_back():
    replaced = re.compile('b+').sub(on_match, 'abbbc')
    return replaced


def on_match(match):
    ordered = sorted([3, 1, 2], key=lambda number: reduces(number))
    return ordered


def reduces(number):
    return functools.reduce(adds, [number, number + 1], 10)


def adds(left, right):
    return list(map(größe, [left, right]))


def größe(länge):
    unicode = 'Größe 中文 \U0001f600'
    wait(unicode)


def sleeps(seconds):
    time.sleep(
        seconds
    )


def unbinds(kept, removed):
    del removed
    captured = kept

    def closure(own):
        nonlocal captured
        captured += own
        wait(captured)
        never = 1

    closure('!')


def holds_values():
    import values

    values.hold()


def holds_buffers():
    import buffers


# Far down, so that lines need numbers of more than a byte, and more than one step of a line table.


































































































def far_down(
    first,
    second=(
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
    lambda: Tree(3).descend(0),
    comprehends,
    consumes_generator,
    drives_coroutine,
    calls_back,
    functools.partial(sleeps, 1_000_000),
    functools.partial(unbinds, 'kept', 'removed'),
    functools.partial(far_down, 'first'),
    holds_values,
    holds_buffers,
]
for number, function in enumerate(waiters):
    name = getattr(function, '__name__', None) or function.func.__name__
    threading.Thread(target=function, name='%d %s' % (number, name), daemon=True).start()
print('ready\n', end='', flush=True)
waiters[-1] = 'main'
threading.Thread.join(threading.enumerate()[1])
