# Calls a few C functions and holds many others that it never calls: loaded, stored, passed, given back by calls, in two threads that
# fight for the GIL and hear signals whose handler sleeps. Prints those that it does call.
from __future__ import print_function
import json
import signal
import sys
import threading
import time
import weakref

called = ['abs', 'len', 'type', 'getattr', 'sum', 'range', 'max', 'sorted', 'list.append', 'dict.get', 'list.pop', 'str.split']
in_modules = ['time.sleep']
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


class Thing(object):
    pass


def references(thing):
    made = weakref.ref(thing)
    made = weakref.ref(thing, print)
    return made


def heard(*_):
    time.sleep(0.003)


def grow():
    items = []
    for number in range(20):
        items.append(number)
    while items:
        items.pop()
    return 'a b c'.split()


def main():
    values = list_of_numbers
    thing = Thing()
    while True:
        load()
        types()
        methods('text')
        alternate(values)
        references(thing)
        pick('oct')
        grow()
        sum(values)
        sorted(values)


list_of_numbers = [number for number in range(30)]
thread = threading.Thread(target=main)
thread.daemon = True
thread.start()
signal.signal(signal.SIGALRM, heard)
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
print('ready')
sys.stdout.flush()
in_threading = ['contextvars.Context.run'] if sys.version_info >= (3, 14) else []
print(json.dumps([len.__module__ + '.' + name for name in called] + in_modules + in_threading))
sys.stdout.flush()
main()
