"""Begins, leaves and ends greenlets as fast as it can; the functions of each have its number in their names.

With an argument, a module of that name seems to be imported: where nothing is that makes greenlets, none are recorded.
"""
import sys
import time

import greenlet

COUNT = 40
FUNCTIONS = """
def leaf_{0}(depth):
    main.switch()

def inner_{0}(depth):
    if depth > 0:
        inner_{0}(depth - 1)
    else:
        leaf_{0}(depth)
    main.switch()

def outer_{0}():
    for depth in range({1}):
        inner_{0}(depth)
        sorted([depth], key=lambda_{0})

def lambda_{0}(one):
    main.switch()
    return one

def stays_{0}():
    main.switch()
"""
if len(sys.argv) > 1:
    sys.modules[sys.argv[1]] = greenlet
main = greenlet.getcurrent()
for number in range(COUNT):
    exec(FUNCTIONS.format(number, 1 + number % 4))
stays = [greenlet.greenlet(globals()["stays_%d" % number]) for number in range(20)]
for one in stays:
    one.switch()
print("ready", flush=True)
working = {}
while True:
    for number in range(COUNT):
        one = working.get(number)
        if one is None or one.dead:
            one = working[number] = greenlet.greenlet(globals()["outer_%d" % number])
        one.switch()
    # Some are as they were for a moment.
    time.sleep(0.005)
