"""A web application whose routes never answer, each for a reason of its own."""
import socket
import threading
import time


def hang_sleep(path):
    time.sleep(1000)


def hang_lock(path):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def hang_upstream(path):
    upstream, _other = socket.socketpair()
    upstream.recv(1)


def app(environ, start_response):
    path = environ['PATH_INFO']
    hang = globals().get('hang_' + path.lstrip('/'))
    if hang:
        hang(path)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
