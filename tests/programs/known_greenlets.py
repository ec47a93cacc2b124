"""Has greenlets whose stacks are known, in two threads: what memory images are recorded of."""
import sys
import threading

import greenlet


def leaves():
    greenlet.getcurrent().parent.switch()


def deep(left):
    if left > 0:
        deep(left - 1)
    else:
        leaves()


def by_c(number):
    sorted([number, 1], key=lambda one: leaves() or one)


class Named(greenlet.greenlet):
    def run(self, text):
        local = [text]
        leaves()
        return local


def in_thread():
    kept.append(greenlet.greenlet(deep))
    kept[-1].switch(1)
    started.set()
    threading.Event().wait()


def runs():
    print('ready', flush=True)
    sys.stdin.readline()


kept = []
for number in range(6):
    kept.append(greenlet.greenlet(deep))
    kept[-1].switch(number)
kept += [greenlet.greenlet(by_c), Named(), greenlet.greenlet(deep), greenlet.greenlet(lambda: None)]
kept[-4].switch(3)
kept[-3].switch('a local of a greenlet')
# It is done.
kept[-1].switch()
started = threading.Event()
threading.Thread(target=in_thread, daemon=True).start()
started.wait()
greenlet.greenlet(runs).switch()
