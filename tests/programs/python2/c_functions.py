"""Calls C functions, each from a function of its own, as told by its name on standard input. Prints, as JSON, which calls which."""
import json
import re
import select
import sys
import time
import zlib

numbers = range(3000)
data = 'data' * 100000


class Classic:
    def __call__(self, number):
        return -number

    def method(self):
        return sum(numbers)


class Entered(object):
    def __enter__(self):
        sorted(numbers)

    def __exit__(self, *error):
        pass


def sleeping():
    time.sleep(0.05)


def with_keyword():
    sorted(numbers, reverse=True)


def with_star():
    sorted(*[numbers], **{'reverse': True})


def compressing():
    zlib.compress(data)


def matching():
    re.search('(a|b)*c', 'ab' * 2000)


def reducing():
    reduce(max, numbers)


def mapping():
    map(Classic(), numbers)


def in_method():
    Classic().method()


def entering():
    with Entered():
        pass


def joining():
    ','.join(['part'] * 3000)


def in_loop():
    for _ in range(20):
        zlib.crc32(data)


calls = {
    'sleeping': 'time.sleep', 'with_keyword': '__builtin__.sorted', 'with_star': '__builtin__.sorted', 'compressing': 'zlib.compress',
    'matching': 're.SRE_Pattern.search', 'reducing': '__builtin__.reduce', 'mapping': '__builtin__.map', 'in_method': '__builtin__.sum',
    'entering': '__builtin__.sorted', 'joining': '__builtin__.str.join', 'in_loop': 'zlib.crc32',
}
print('ready')
print(json.dumps(sorted(calls.items())))
sys.stdout.flush()
chosen = sys.stdin.readline().strip()
while True:
    globals()[chosen]()
    # Not in a thread of its own: that may wait for the GIL for ever, as 2.7 takes it again as soon as it was let go.
    if select.select([sys.stdin], [], [], 0)[0]:
        chosen = sys.stdin.readline().strip()
