"""Has threads that wait in recursion, generators and methods, and prints the names and lines of each as Python itself says, by ident."""
import json
import sys
import threading
import time

gate = threading.Lock()
gate.acquire()


def wait():
    gate.acquire()


class Classic:
    def method(self):
        return map(self.callback, [1])

    def callback(self, number):
        exec 'wait()'


class Plain(object):
    def __init__(self, left):
        self.left = left
        if left > 0: Plain(left - 1)
        else: wait()

    def __add__(self, other):
        wait()


def recurses(left, **more):
    if left == 0:
        return wait()
    return recurses(left - 1, **dict(more, above=left))


def numbers(count):
    for number in range(count):
        if number == 2:
            for inner in numbers(0) or (wait() for _ in 'ab'):
                yield inner
        yield number
    if count == 3:
        [wait() for _ in 'ab']


def consumes():
    return sum(numbers(3))


def cleans_up():
    try:
        raise ValueError
    except ValueError:
        try:
            pass
        finally:
            wait()


def adds():
    return object.__new__(Plain) + 1


threads = []
for function in (Classic().method, lambda: Plain(3), lambda: recurses(20), consumes, cleans_up, adds):
    thread = threading.Thread(target=function, name='waits')
    thread.daemon = True
    thread.start()
    threads.append(thread)


def stack_of(frame):
    stack = []
    while frame:
        stack.append([frame.f_code.co_name, frame.f_lineno])
        frame = frame.f_back
    return stack


def look():
    frames = sys._current_frames()
    return dict((thread.ident, stack_of(frames.get(thread.ident))) for thread in threads)


while not all(stack and stack[0][0] == 'wait' for stack in look().values()):
    time.sleep(0.01)
print('ready')
print(json.dumps(look()))
sys.stdout.flush()
sys.stdin.read()
