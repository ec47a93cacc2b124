# -*- coding: utf-8 -*-
"""Has variables of many kinds in `hold`, and prints what `repr` says of each as one line of JSON."""
import array
import collections
import datetime
import fractions
import json
import sys
import uuid

Point = collections.namedtuple('Point', 'x y')


class Plain(object):
    pass


def hold(argument, *rest, **more):
    empty, text, quoted, bytes_ = '', 'text', 'it\'s "so"\\', 'caf\xc3\xa9 \x00\n'
    wide, empty_wide, long_wide = u'wide', u'', u'w' * 50
    small, negative, large, huge, long_ = 5, -2**63 + 1, 2**62, 2**80, 7L
    true, nothing, number, imaginary = True, None, 0.1, 3 - 4j
    list_, tuple_, single, nested = [1, 'a', u'b'], (1, 2), (1,), [[1], (2,), {3: 4}]
    set_, frozen, empty_set = set([1]), frozenset(['a']), set()
    dict_, counted, ordered = {'a': 1}, collections.Counter('aab'), collections.OrderedDict([('z', 1), ('a', 2)])
    grouped, point = collections.defaultdict(list, x=[1]), Point(1, 2)
    range_, ranges, part = xrange(5), xrange(2, 20, 3), slice(1, 2)
    date, moment, time_ = datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5, 6), datetime.time(1, 2)
    fraction, numbers, bytes_array = fractions.Fraction(1, 3), array.array('i', [1, 2]), bytearray('ab')
    error, kind, class_, ellipsis = ValueError('bad', 1), int, Plain, Ellipsis
    builtin, named = len, uuid.UUID(int=2**100)
    shown = dict((name, repr(value)) for name, value in locals().items())
    print('ready')
    print(json.dumps(shown))
    sys.stdout.flush()
    sys.stdin.read()


hold('given', 1, 2, key='word')
