"""Has greenlets of gevent that each wait for something known, and prints them: id, name, what for, and frames, the innermost first."""
import json
import sys

from gevent import monkey

monkey.patch_all()

import queue
import socket
import threading
import time

import gevent
import gevent.event
import gevent.lock
import gevent.pool
import gevent.queue
import gevent.select
import gevent.subprocess

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 3
FOREVER = 100_000
ends = [socket.socketpair() for _ in range(4)]
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
event = gevent.event.Event()
result = gevent.event.AsyncResult()
held = gevent.lock.Semaphore(1)
held.acquire()
thread_lock = threading.Lock()
thread_lock.acquire()
full = gevent.queue.Queue(1)
full.put(1)
child = gevent.subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=gevent.subprocess.PIPE)


def sleeps(number):
    gevent.sleep(FOREVER)


def sleeps_patched():
    time.sleep(FOREVER)


def receives():
    ends[0][0].recv(1)


def sends():
    ends[1][0].sendall(b"x" * 100_000_000)


def accepts():
    listener.accept()


def selects():
    gevent.select.select([ends[2][0]], [], [])


def event_wait():
    event.wait()


def threading_event():
    threading.Event().wait()


def result_get():
    result.get()


def semaphore():
    with held:
        pass


def locks():
    with thread_lock:
        pass


def queue_get():
    gevent.queue.Queue().get()


def queue_put():
    full.put(2)


def plain_queue():
    queue.Queue().get()


def joins():
    gevent.joinall([sleeper])


def joins_one():
    sleeper.join()


def pool_joins():
    pool.join()


def subprocess():
    child.wait()


def waits_io():
    hub = gevent.get_hub()
    hub.wait(hub.loop.io(ends[3][0].fileno(), 1))


def waits_timer():
    hub = gevent.get_hub()
    hub.wait(hub.loop.timer(FOREVER))


def stack(frame):
    found = []
    while frame is not None:
        found.append([frame.f_code.co_name, frame.f_lineno])
        frame = frame.f_back
    return found


sleeper = gevent.spawn(sleeps, 0)
pool = gevent.pool.Pool()
for number in range(COUNT):
    pool.spawn(sleeps, number)
waits = [
    sleeps_patched, receives, sends, accepts, selects, event_wait, threading_event, result_get, semaphore, locks,
    queue_get, queue_put, plain_queue, joins, joins_one, pool_joins, subprocess, waits_io, waits_timer,
]
spawned = [sleeper, *pool]
for function in waits:
    one = gevent.spawn(function)
    one.name = function.__name__
    spawned.append(one)
spawned.append(gevent.spawn(event.wait))
spawned[-1].name = "without_frames"
sleeper.minimal_ident
# Each begins, and waits, before this goes on.
gevent.idle()
started = gevent.spawn(sleeps, -1)
started.name = "new"
found = []
for one in spawned:
    frames = stack(one.gr_frame)
    name = one.name if "name" in one.__dict__ or one is sleeper else ""
    found.append({"id": id(one), "state": "waiting", "name": name, "frames": frames})
found.append({"id": id(started), "state": "new", "name": "new", "frames": []})
found.append({"id": id(gevent.get_hub()), "state": "waiting", "name": "", "frames": stack(gevent.get_hub().gr_frame)})
print("ready", json.dumps(found), sep="\n", flush=True)
monkey.get_original("os", "read")(0, 1)
