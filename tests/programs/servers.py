"""
Serves with the server that is named. Prints `ready` and its port; in a request to /wait the process that serves prints its id, and sleeps.

It listens before the server starts, so nobody is refused.
"""
import os
import socket
import sys
import time


def wsgi(environ, start_response):
    if environ['PATH_INFO'] == '/wait':
        handler_sleeps()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'hello\n']


async def asgi(scope, receive, send):
    if scope['type'] != 'http':
        raise RuntimeError('only http')
    if scope['path'] == '/wait':
        handler_sleeps()
    await send({'type': 'http.response.start', 'status': 200, 'headers': []})
    await send({'type': 'http.response.body', 'body': b'hello\n'})


def handler_sleeps():
    print(os.getpid(), flush=True)
    time.sleep(600)


def waitress(listener):
    import waitress

    waitress.serve(wsgi, sockets=[listener])


def gunicorn(listener):
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):
        def load_config(self):
            self.cfg.set('bind', f'fd://{listener.fileno()}')
            self.cfg.set('worker_class', 'gthread')
            self.cfg.set('threads', 2)
            self.cfg.set('loglevel', 'critical')

        def load(self):
            return wsgi

    Application().run()


def uvicorn(listener):
    import uvicorn

    uvicorn.Server(uvicorn.Config(asgi, log_level='critical')).run(sockets=[listener])


def hypercorn(listener):
    from hypercorn.config import Config
    from hypercorn.run import run

    config = Config()
    config.application_path = __file__.replace('.py', '') + ':asgi'
    config.bind = [f'fd://{listener.fileno()}']
    config.loglevel = 'CRITICAL'
    run(config)


def aiohttp(listener):
    from aiohttp import web

    async def hello(request):
        return web.Response(text='hello')

    async def wait(request):
        handler_sleeps()

    app = web.Application()
    app.add_routes([web.get('/', hello), web.get('/wait', wait)])
    web.run_app(app, sock=listener, print=None)


if __name__ == '__main__':
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(5)
    print('ready', flush=True)
    print(listener.getsockname()[1], flush=True)
    globals()[sys.argv[1]](listener)
