"""Has as many greenlets as asked for, each left in a known stack, and prints them: id, state and frames, the innermost first."""
import json
import sys
import threading

import greenlet

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 3
main = greenlet.getcurrent()


def stack(frame):
    found = []
    while frame is not None:
        found.append([frame.f_code.co_name, frame.f_lineno])
        frame = frame.f_back
    return found


def leaves():
    main.switch()


def deep(left):
    if left > 0:
        deep(left - 1)
    else:
        leaves()


def by_c(number):
    sorted([3, 1, 2], key=lambda one: leaves() or one)


def in_generator():
    def yields():
        leaves()
        yield 1

    for _ in yields():
        pass


class Named(greenlet.greenlet):
    def run(self, number):
        [leaves() for _ in range(1)]


def ends(number):
    pass


def other_thread(started):
    own = greenlet.getcurrent()

    def waits_in_thread():
        own.switch()

    kept.append(greenlet.greenlet(waits_in_thread))
    kept[-1].switch()
    started.set()
    threading.Event().wait()


kept = []
for number in range(COUNT):
    kind = number % 5
    if kind == 0:
        one, arguments = greenlet.greenlet(deep), (number % 17,)
    elif kind == 1:
        one, arguments = greenlet.greenlet(by_c), (number,)
    elif kind == 2:
        one, arguments = greenlet.greenlet(in_generator), ()
    elif kind == 3:
        one, arguments = Named(), (number,)
    else:
        one, arguments = greenlet.greenlet(ends), (number,)
    kept.append(one)
    one.switch(*arguments)
kept.append(greenlet.greenlet(deep))
started = threading.Event()
threading.Thread(target=other_thread, args=(started,), daemon=True).start()
started.wait()


def runs():
    found = []
    for one in kept:
        if one.dead:
            continue
        state = "running" if one is greenlet.getcurrent() else "waiting" if one else "new"
        frames = stack(one.gr_frame) if state == "waiting" else []
        found.append({"id": id(one), "state": state, "frames": frames})
    found.append({"id": id(main), "state": "waiting", "frames": stack(main.gr_frame)})
    print("ready", json.dumps(found), sep="\n", flush=True)
    sys.stdin.readline()


kept.append(greenlet.greenlet(runs))
kept[-1].switch()
