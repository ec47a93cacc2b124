"""Holds values of every kind in variables, prints what `repr` makes of each as one line of JSON, and waits."""
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import json
import os
import pathlib
import sys
import types
import uuid

Point = collections.namedtuple('Point', 'x y')


class Color(enum.Enum):
    RED = 1
    GREEN = 'g'


class Level(enum.IntEnum):
    LOW = 1


class Tag(str):
    pass


class Numbers(list):
    pass


class Words(dict):
    pass


class Outer:
    @dataclasses.dataclass
    class Inner:
        name: str
        size: int = 3
        shy: str = dataclasses.field(default='not shown', repr=False)


@dataclasses.dataclass(frozen=True)
class Item:
    id: int
    tags: list


class Failure(Exception):
    pass


def generate():
    yield 1


async def coroutine():
    pass


def moved(ordered):
    ordered.move_to_end('a')
    return ordered


def grown(things):
    things.append(things)
    return things


def rotated():
    things = collections.deque(range(100), maxlen=150)
    for _ in range(90):
        things.append(things.popleft())
    while len(things) > 5:
        things.popleft()
    return things


def deleted():
    made = {n: str(n) for n in range(10)}
    del made[0], made[5]
    return made


class Falling(dict):
    def __missing__(self, key):
        return 1


def hold():
    int_zero, int_small, int_negative, int_30_bits, int_big = 0, 42, -1, 2**30, 123456789012345678901234567890
    int_huge, int_negative_big, int_60_bits = 7**90, -(2**64), 2**60 - 1
    true, false, none, ellipsis, not_implemented = True, False, None, ..., NotImplemented
    float_half, float_whole, float_big, float_1e16, float_small = 0.5, 3.0, 1e300, 1e16, 1e-5
    float_0001, float_third, float_negative, float_zero = 0.0001, 1 / 3, -2.5, -0.0
    float_nan, float_inf, float_minus_inf, float_1e15 = float('nan'), float('inf'), float('-inf'), 123456789012345.0
    float_tiny, float_123 = 5e-324, 1.2345678901234567e-7
    complex_plain, complex_imaginary, complex_odd = 1 + 2j, -3j, complex(-0.0, -1.5)
    text, text_empty, text_quotes, text_double = 'plain', '', 'it\'s "both"', "it's"
    text_escapes, text_unicode, text_emoji = 'tab\t new\nline \\ \x00 \x7f \x1b[31m', 'Größe 中文', '\U0001f600 ok'
    text_invisible, text_accents, text_surrogate = 'a\u202eb\u200bc\xa0d\u3000e', 'caf\xe9', 'x\ud800y'
    byte_string, bytes_empty, bytes_quotes, byte_array = b'abc\x00\xff\n', b'', b"it's", bytearray(b'xyz')
    list_plain, list_empty, list_nested = [1, 'two', 3.0], [], [[1, [2, [3]]], []]
    tuple_plain, tuple_empty, tuple_single = (1, 2), (), ('one',)
    set_one, set_empty, frozen, frozen_empty = {7}, set(), frozenset(['f']), frozenset()
    set_small = {1, 2, 3}
    dict_plain, dict_empty, dict_mixed, dict_deleted = {'a': 1, 'b': [2]}, {}, {1: None, (1, 2): 'x'}, deleted()
    named = Point(1, 'y')
    deque_plain, deque_most, deque_moved, deque_empty = (
        collections.deque([1, 2]), collections.deque([1], maxlen=3), rotated(), collections.deque())
    default_dict, default_none = collections.defaultdict(int, a=1), collections.defaultdict(None, {1: 2})
    ordered, ordered_empty = moved(collections.OrderedDict(a=1, b=2, c=3)), collections.OrderedDict()
    counter, counter_empty = collections.Counter('abracadabra'), collections.Counter()
    date, time = datetime.date(2024, 2, 29), datetime.time(23, 59)
    time_seconds, time_micros = datetime.time(1, 2, 3), datetime.time(1, 2, 0, 7, fold=1)
    moment, moment_utc = datetime.datetime(2024, 1, 2, 3, 4, 5, 6), datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
    moment_zone = datetime.datetime(1, 1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5), 'EST'))
    delta, delta_zero, delta_negative = datetime.timedelta(days=1, seconds=2, microseconds=3), datetime.timedelta(), datetime.timedelta(seconds=-1)
    decimal_plain, decimal_negative, decimal_exponent = decimal.Decimal('12.50'), decimal.Decimal('-0.001'), decimal.Decimal('1E+30')
    decimal_long, decimal_nan, decimal_inf = decimal.Decimal('1234567890123456789012345678901234567890.12'), decimal.Decimal('NaN'), decimal.Decimal('-Infinity')
    decimal_small, decimal_zero = decimal.Decimal('1.5E-20'), decimal.Decimal('0.00')
    fraction, unique = fractions.Fraction(-1, 3), uuid.UUID('12345678-1234-5678-1234-567812345678')
    path, path_relative, path_odd = pathlib.Path('/tmp/a/b.txt'), pathlib.Path('a') / 'b', pathlib.PurePosixPath('a//./c/')
    path_root, path_here, path_windows = pathlib.Path('/'), pathlib.Path('.'), pathlib.PurePosixPath('//net/x')
    color, color_text, level, color_class = Color.RED, Color.GREEN, Level.LOW, Color
    span, span_step, part = range(10), range(0, 10, 3), slice(1, None, 2)
    function, builtin, method_of_list, class_builtin, class_own, class_nested = hold, len, [].append, dict, Outer, Outer.Inner
    class_library, module_builtin, module_file, module_own = decimal.Decimal, sys, json, sys.modules['__main__']
    generator, awaited, anonymous, function_nested = generate(), coroutine(), object(), (lambda: None)
    error, error_none, error_two, error_own, error_os = ValueError('bad'), KeyError(), OSError(2, 'No such file'), Failure('x', 1), FileNotFoundError(2, 'gone', 'f.txt')
    data, data_nested, data_frozen = Outer.Inner('n'), [Outer.Inner('a', 1)], Item(1, ['t'])
    subclass_str, subclass_list, subclass_dict, subclass_falling = Tag('tagged'), Numbers([1, 2]), Words(a=1), Falling(b=2)
    recursive = grown([1])
    proxy = types.MappingProxyType({'a': 1})
    instance_plain = Outer()
    if sys.version_info >= (3, 15):
        frozen_dict = frozendict(a=1)
    expected = {name: ascii_of(value) for name, value in dict(locals()).items()}
    awaited.close()
    print('ready\n', end='', flush=True)
    print(json.dumps(expected), flush=True)
    sys.stdin.read()


def ascii_of(value):
    return repr(value)


if __name__ == '__main__':
    hold()
