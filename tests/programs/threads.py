"""Holds as many threads as the argument says, each waiting in a function of the program's own."""
import sys
import threading

go = threading.Event()


def hold():
    go.wait()


for number in range(int(sys.argv[1])):
    threading.Thread(target=hold, name='holder-%d' % number, daemon=True).start()
print('ready', flush=True)
sys.stdin.read()
