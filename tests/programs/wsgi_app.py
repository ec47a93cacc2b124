"""Says `ready` in each of gunicorn's workers, and `waiting` in a request to /wait, which then waits for ever."""
import os
import threading


def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    if environ['PATH_INFO'] == '/wait':
        wait_for_ever()
    return [b'hello\n']


def wait_for_ever():
    print('waiting', flush=True)
    threading.Event().wait()


def post_worker_init(worker):
    # At once: other workers say so at the same time.
    os.write(1, b'ready\n')
