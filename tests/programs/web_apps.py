"""
The same routes with several frameworks: `web_apps.py FRAMEWORK PORT`, and for gunicorn `django_app`.
Prints `ready` when it listens. Each route has functions of its own, named after it; they take the milliseconds of
their path, and a part of that time is work.
"""
import sys
import time


def work(milliseconds):
    """Work and sleep in turn, until the time is over."""
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        total = sum(range(2000))
        time.sleep(0.005)
    return "done %d" % total


async def async_work(milliseconds):
    import asyncio

    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        total = sum(range(2000))
        await asyncio.sleep(0.005)
    return "done %d" % total


def of_first(milliseconds):
    return work(milliseconds)


def of_second(milliseconds):
    return work(milliseconds)


async def of_third(milliseconds):
    return await async_work(milliseconds)


async def of_fourth(milliseconds):
    return await async_work(milliseconds)


def flask_app():
    import flask

    app = flask.Flask("shop")

    @app.get("/first/<int:ms>/<name>")
    def first(ms, name):
        return of_first(ms)

    @app.get("/second/<int:ms>/<name>")
    def second(ms, name):
        return of_second(ms)

    return app


def django_urls():
    from django import urls
    from django.conf import settings
    from django.http import HttpResponse

    def first(request, ms, name):
        return HttpResponse(of_first(ms))

    def second(request, ms, name):
        return HttpResponse(of_second(ms))

    async def third(request, ms, name):
        return HttpResponse(await of_third(ms))

    inner = type("Urls", (), {"urlpatterns": [urls.path("second/<int:ms>/<name>", second)]})
    patterns = [urls.path("first/<int:ms>/<name>", first), urls.path("in/", urls.include(inner))]
    patterns.append(urls.path("third/<int:ms>/<name>", third))
    settings.configure(
        ROOT_URLCONF=type("Urls", (), {"urlpatterns": patterns}),
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="x",
        LOGGING_CONFIG=None,
    )


def django_app():
    django_urls()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def django_asgi_app():
    django_urls()
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def fastapi_app():
    import fastapi

    app = fastapi.FastAPI()
    router = fastapi.APIRouter()
    mounted = fastapi.FastAPI()

    @app.get("/first/{ms}/{name}")
    def first(ms: int, name: str):
        return of_first(ms)

    @mounted.get("/second/{ms}/{name}")
    def second(ms: int, name: str):
        return of_second(ms)

    @router.get("/third/{ms}/{name}")
    async def third(ms: int, name: str):
        return await of_third(ms)

    @app.get("/fourth/{ms}/{name}")
    async def fourth(ms: int, name: str):
        return await of_fourth(ms)

    app.include_router(router, prefix="/in")
    app.mount("/within", mounted)
    return app


def run_flask(port):
    from werkzeug.serving import WSGIRequestHandler, make_server

    WSGIRequestHandler.log_request = lambda *_: None
    server = make_server("127.0.0.1", port, flask_app(), threaded=True)
    print("ready", flush=True)
    server.serve_forever()


def run_uvicorn(app, port):
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, *args, **options):
            await super().startup(*args, **options)
            print("ready", flush=True)

    Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off")).run()


def run_aiohttp(port):
    import asyncio

    from aiohttp import web

    async def third(request):
        return web.Response(text=await of_third(int(request.match_info["ms"])))

    async def fourth(request):
        return web.Response(text=await of_fourth(int(request.match_info["ms"])))

    async def serve():
        app = web.Application()
        inner = web.Application()
        inner.router.add_get("/third/{ms}/{name}", third)
        app.router.add_get("/fourth/{ms}/{name}", fourth)
        app.add_subapp("/in", inner)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        print("ready", flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())


def run_gunicorn(arguments):
    from gunicorn.app.wsgiapp import run

    sys.argv[1:] = arguments
    run()


def post_worker_init(worker):
    """Gunicorn calls it, since this file is its configuration."""
    print("ready", flush=True)


if __name__ == "__main__":
    name, port = sys.argv[1], int(sys.argv[2])
    if name == "gunicorn":
        run_gunicorn(sys.argv[3:] + ["--bind", "127.0.0.1:%d" % port])
    elif name == "flask":
        run_flask(port)
    elif name == "aiohttp":
        run_aiohttp(port)
    else:
        run_uvicorn({"fastapi": fastapi_app, "django": django_asgi_app}[name](), port)
