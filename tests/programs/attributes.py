"""Holds objects whose classes say nothing, or something of their own, about how they are shown."""
import functools
import sys


class Plain:
    def __init__(self, first, second):
        self.first = first
        self.second = second

    def method(self):
        pass


class Slots:
    __slots__ = ('zulu', 'alpha', 'unset')


class Both(Slots):
    pass


class Own:
    def __init__(self):
        self.number = 5

    def __repr__(self):
        return 'cannot be asked'


class Money(int):
    def __repr__(self):
        return 'cannot be asked'


class Settings(dict):
    def __repr__(self):
        return 'cannot be asked'


def hold():
    plain = Plain(1, 'two')
    with_slots = Slots()
    with_slots.zulu, with_slots.alpha = [2], 1
    with_both = Both()
    with_both.zulu, with_both.alpha, with_both.extra = 2, 1, 'in dict'
    with_own_text = Own()
    integer = Money(5)
    mapping = Settings(a=1)
    part = functools.partial(int, base=2)
    bound = plain.method
    nested = Plain(Plain(1, 2), [Plain(3, 4)])
    print('ready', flush=True)
    sys.stdin.read()


hold()
