"""Starts a process that never gets to its program, since its input is a pipe that nobody opens: until then the kernel
lets the parent sleep uninterruptibly. The argument is a folder for the pipe."""
import os
import sys


def start(pipe):
    program = '/bin/true'
    os.posix_spawn(program, [program], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 0, pipe, os.O_RDONLY, 0)])


pipe = os.path.join(sys.argv[1], 'pipe')
os.mkfifo(pipe)
print('ready', flush=True)
start(pipe)
