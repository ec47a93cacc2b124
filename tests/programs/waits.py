"""Has a thread in each kind of wait, named after it, and two that fight for the GIL."""
from __future__ import print_function
import os
import select
import socket
import subprocess
import sys
import threading
import time

reads, _ = os.pipe()
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
left, right = socket.socketpair()
lock = threading.Lock()
lock.acquire()
events = select.epoll()
events.register(reads)


def sleep():
    time.sleep(1000)


def wait_for_lock():
    lock.acquire()


def read_pipe():
    os.read(reads, 1)


def accept():
    server.accept()


def receive():
    left.recv(1)


def poll():
    events.poll()


def wait_for_child():
    subprocess.call([sys.executable, '-c', 'import time; time.sleep(1000)'])


def spin():
    while True:
        pass


for function in (sleep, wait_for_lock, read_pipe, accept, receive, poll, wait_for_child, spin, spin, spin):
    thread = threading.Thread(target=function, name=function.__name__)
    thread.daemon = True
    thread.start()
print('ready')
sys.stdout.flush()
sys.stdin.read()
