# Calls a few C functions and holds many others that it never calls: loaded, stored, passed, given back by calls, in two threads that
# fight for the GIL. Prints those that it does call.
from __future__ import print_function
import json
import sys
import threading

called = ['abs', 'len', 'type', 'getattr', 'sum', 'range', 'max', 'sorted', 'list.append', 'dict.get', 'list.pop', 'str.split']
spare = {'ord': ord, 'hex': hex, 'oct': oct, 'bin': bin}


def pick(key):
    return spare.get(key)


def load():
    first, second = ord, hex
    second, first = first, second
    both = [repr, chr, first]
    return both[len(both) - 1]


def types():
    one = type(1)
    two = type('')
    three = type([])
    return one, two, three


def methods(text):
    upper = getattr(text, 'upper')
    lower = getattr(text, 'lower')
    append = [].insert
    return upper, lower, append


def alternate(values):
    total = 0
    for value in values:
        total += abs(value)
        total += len('abc')
        kept = divmod
        total += max(value, 3)
    return total, kept


def grow():
    items = []
    for number in range(20):
        items.append(number)
    while items:
        items.pop()
    return 'a b c'.split()


def main():
    values = list_of_numbers
    while True:
        load()
        types()
        methods('text')
        alternate(values)
        pick('oct')
        grow()
        sum(values)
        sorted(values)


list_of_numbers = [number for number in range(30)]
thread = threading.Thread(target=main)
thread.daemon = True
thread.start()
print('ready')
sys.stdout.flush()
in_threading = ['contextvars.Context.run'] if sys.version_info >= (3, 14) else []
print(json.dumps([len.__module__ + '.' + name for name in called] + in_threading))
sys.stdout.flush()
main()
