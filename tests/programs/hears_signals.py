"""Tells of every signal that it hears, and ends at SIGHUP with how often each came; also once a line is read, if told so."""
import os
import signal
import sys
import time

counts = {}


def hear(number, frame):
    name = signal.Signals(number).name
    counts[name] = counts.get(name, 0) + 1
    os.write(1, b'%s %d\n' % (name.encode(), counts[name]))
    if number == signal.SIGHUP:
        os.write(1, b'heard %s\n' % ' '.join('%s=%d' % item for item in sorted(counts.items())).encode())
        os._exit(7)


for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR2):
    signal.signal(each, hear)
print('ready', flush=True)
if 'reads' in sys.argv:
    print('read', input(), flush=True)
    print('size', *os.get_terminal_size(), flush=True)
while True:
    time.sleep(0.01)
