"""Has green threads of eventlet that each wait for something known, and prints them: id, what for, and frames, the innermost first."""
import warnings

warnings.simplefilter("ignore")
import eventlet

eventlet.monkey_patch()
import json
import socket
import time

import eventlet.event
import eventlet.queue
import eventlet.semaphore

ends = socket.socketpair()
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
happens = eventlet.event.Event()
held = eventlet.semaphore.Semaphore(0)
pool = eventlet.GreenPool(1)


def sleeps():
    time.sleep(100_000)


def receives():
    ends[0].recv(1)


def accepts():
    listener.accept()


def event():
    happens.wait()


def semaphore():
    held.acquire()


def queue_get():
    eventlet.queue.Queue().get()


def joins():
    kept[0].wait()


def stack(frame):
    found = []
    while frame is not None:
        found.append([frame.f_code.co_name, frame.f_lineno])
        frame = frame.f_back
    return found


kept = [eventlet.spawn(one) for one in (sleeps, receives, accepts, event, semaphore, queue_get, joins)]
names = ["sleep", "socket", "connection", "event", "semaphore", "queue", "greenlet"]
eventlet.sleep(0)
found = [
    {"id": id(one), "state": "waiting", "kind": "greenlet", "waitKind": name, "frames": stack(one.gr_frame)}
    for one, name in zip(kept, names)
]
hub = eventlet.hubs.get_hub().greenlet
found.append({"id": id(hub), "state": "waiting", "kind": "hub", "waitKind": "", "frames": stack(hub.gr_frame)})
print("ready", json.dumps(found), sep="\n", flush=True)
eventlet.patcher.original("os").read(0, 1)
