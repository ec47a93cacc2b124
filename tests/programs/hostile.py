"""Holds values that are large, endless, or made to mislead whoever looks."""
import collections
import sys


class Node:
    def __init__(self):
        self.next = self
        self.children = [self] * 3


class Lies(dict):
    def __repr__(self):
        raise SystemExit

    def __len__(self):
        return -1


class Many:
    pass


def deep_list(depth):
    things = []
    for _ in range(depth):
        things = [things]
    return things


def ring(length):
    first = node = {}
    for number in range(length):
        node['next'] = {'number': number}
        node = node['next']
    node['next'] = first
    return first


def hold():
    endless = []
    endless.append(endless)
    twice = [endless, endless]
    node = Node()
    circle = ring(1000)
    deep = deep_list(100000)
    long_text = 'x' * 10 ** 7
    long_bytes = b'y' * 10 ** 7
    long_list = [None] * 10 ** 6
    long_dict = {number: number for number in range(200000)}
    emptied = dict(long_dict)
    for number in range(200000 - 1):
        del emptied[number]
    long_set = set(range(200000))
    lone = set(range(200000))
    for number in range(200000 - 1):
        lone.discard(number)
    long_queue = collections.deque(range(200000))
    huge = 1 << 10 ** 7
    wide = [[[list(range(1000)) for _ in range(8)] for _ in range(8)] for _ in range(8)]
    lies = Lies(a=1)
    steering = 'title \x1b]0;owned\x07 \x1b[2J \u202e reversed'
    many = Many()
    for number in range(3000):
        setattr(many, 'attribute_%d' % number, number)
    named = type('Evil\x1b[2J\u202e', (), {})()
    setattr(named, 'line\nbreak', 1)
    unset = 1
    del unset
    print('ready', flush=True)
    sys.stdin.read()


hold()
