"""A hundred greenlets at once, and how long those of each kind took by this program's own clock.

Arguments: `gevent` or `eventlet`, scale. Begins when a line comes, and then prints {function: seconds}.
"""

import json
import sys
import time

KIND = 25
seconds = {}
scale = float(sys.argv[2])

if sys.argv[1] == "gevent":
    import gevent
    from gevent.event import Event
    from gevent.queue import Queue

    sleep = gevent.sleep
    spawn = gevent.spawn
    joinall = gevent.joinall

    def new_event():
        return Event(), Event.wait, Event.set
else:
    import eventlet
    import eventlet.event
    from eventlet.queue import Queue

    sleep = eventlet.sleep
    spawn = eventlet.spawn

    def joinall(greenlets):
        for one in greenlets:
            one.wait()

    def new_event():
        return eventlet.event.Event(), eventlet.event.Event.wait, eventlet.event.Event.send


def measured(function):
    def measure(*args):
        began = time.perf_counter()
        try:
            return function(*args)
        finally:
            took = time.perf_counter() - began
            seconds[function.__name__] = seconds.get(function.__name__, 0) + took

    return measure


@measured
def sleeps(length):
    sleep(length)


@measured
def waits_for(event, wait):
    wait(event)


@measured
def takes(queue):
    queue.get()


@measured
def computes(length):
    until = time.perf_counter() + length
    while time.perf_counter() < until:
        spin(0.001)
        sleep(0.02)


def spin(length):
    until = time.perf_counter() + length
    while time.perf_counter() < until:
        pass


def begins(after, function, args):
    """At times of their own, so that what is not seen of one is seen of another."""
    sleep(after)
    function(*args)


def sets(event, set_it, after):
    sleep(after)
    set_it(event)


def gives(queue):
    for _ in range(KIND):
        sleep(scale * 0.07)
        queue.put(None)


def waits():
    sleep(1000)


def main():
    # By this it is seen that greenlets are recorded.
    waiting = spawn(waits)
    sleep(0)
    print("ready", flush=True)
    # In a thread it would be waited for by Python itself.
    sys.stdin.readline()
    queue = Queue()
    handlers = [(sleeps, (scale * (0.25 + at / 30),)) for at in range(KIND)]
    events = [new_event() for _ in range(KIND)]
    handlers += [(waits_for, (event, wait)) for event, wait, _ in events]
    handlers += [(takes, (queue,)) for _ in range(KIND)]
    handlers += [(computes, (scale * (0.5 + at / 50),)) for at in range(KIND)]
    # Those that begin early are not those that end early.
    delays = [scale * (at * 7 % KIND) / 50 for at in range(len(handlers))]
    greenlets = [spawn(begins, delay, *one) for delay, one in zip(delays, handlers)]
    greenlets += [spawn(gives, queue)]
    greenlets += [spawn(sets, event, set_it, scale * (0.5 + at / 20)) for at, (event, _, set_it) in enumerate(events)]
    if sys.argv[1] == "gevent":
        for at, one in enumerate(greenlets):
            one.name = "handler-%d" % at
    joinall(greenlets)
    waiting.kill()


main()
print(json.dumps(seconds), flush=True)
sys.stdin.readline()
