"""Waits in functions whose variables are arguments of every kind, cells, free variables and unset ones."""
import sys


def arguments(positional, default=2, *rest, keyword, other=5, **more):
    local = 'local'
    unset = 1
    del unset
    closes_over('cell argument', 'free')


def closes_over(argument, value):
    free = value
    plain = 1

    def inner(own):
        nonlocal free
        free = free + '!'
        squares = [own * number for number in range(3)]
        method = Thing().method
        method(argument)

    inner(2)


class Thing:
    def method(self, given):
        later = lambda: (self, given)
        print('ready', flush=True)
        sys.stdin.read()
        later()
        never = 1


setting = 'module level'
arguments(1, 2, 3, 4, keyword=5, extra=6)
