"""
The same routes with several frameworks and servers: `web_apps.py FRAMEWORK SERVER PORT TIMES`.
Prints `ready` when it listens. Each route has functions of its own, named after it; they take the milliseconds of
their path, and a part of that time is work. They append a line to the file TIMES each: their name, and the seconds
that they took.
"""
import logging
import os
import sys
import time
import types


def note(name, began):
    os.write(times, ("%s %f\n" % (name, time.perf_counter() - began)).encode())


def work(milliseconds):
    """Work and sleep in turn, until the time is over."""
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        total = sum(range(100000))
        # A long one stays as it is for a while, so that it is seen however busy the machine is.
        time.sleep(max(0.003, milliseconds / 4000))
    return "done %d" % total


async def async_work(milliseconds):
    import asyncio

    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        total = sum(range(20000))
        await asyncio.sleep(max(0.005, milliseconds / 4000))
    return "done %d" % total


def own(function):
    """
    The same with code of its own. Up to 3.10 a function that is just left no longer says who called it, and is shown
    below who called it last: of one that two routes call that may be the other one.
    """
    return types.FunctionType(function.__code__.replace(), globals(), function.__name__)


note_first, note_second, note_third, note_fourth = (own(note) for _ in range(4))
work_first, work_second = (own(work) for _ in range(2))


def of_first(milliseconds):
    began = time.perf_counter()
    try:
        return work_first(milliseconds)
    finally:
        note_first("of_first", began)


def of_second(milliseconds):
    began = time.perf_counter()
    try:
        return work_second(milliseconds)
    finally:
        note_second("of_second", began)


async def of_third(milliseconds):
    began = time.perf_counter()
    try:
        return await async_work(milliseconds)
    finally:
        note_third("of_third", began)


async def of_fourth(milliseconds):
    began = time.perf_counter()
    try:
        return await async_work(milliseconds)
    finally:
        note_fourth("of_fourth", began)


def flask_app():
    import flask

    app = flask.Flask("shop")

    @app.route("/first/<int:ms>/<name>")
    def first(ms, name):
        return of_first(ms)

    @app.route("/second/<int:ms>/<name>")
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
    import django

    django.setup()


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


def aiohttp_app():
    from aiohttp import web

    async def third(request):
        return web.Response(text=await of_third(int(request.match_info["ms"])))

    async def fourth(request):
        return web.Response(text=await of_fourth(int(request.match_info["ms"])))

    app = web.Application()
    inner = web.Application()
    inner.router.add_get("/third/{ms}/{name}", third)
    app.router.add_get("/fourth/{ms}/{name}", fourth)
    app.add_subapp("/in", inner)
    return app


def wsgi_app():
    """Without a framework."""
    works = {"first": of_first, "second": of_second}

    def app(environ, start_response):
        _, word, milliseconds, *_ = environ["PATH_INFO"].split("/") + ["0", "0"]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [works[word](int(milliseconds)).encode()] if word in works else [b"done"]

    return app


def asgi_app():
    """The same."""
    works = {"third": of_third, "fourth": of_fourth}

    async def app(scope, receive, send):
        _, word, milliseconds, *_ = scope["path"].split("/") + ["0", "0"]
        if word in works:
            await works[word](int(milliseconds))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    return app


if __name__ == "__main__":
    framework, server, port, times = sys.argv[1:5]
    times = os.open(times, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    logging.disable(logging.CRITICAL)
    from web_servers import serve

    serve(server, int(port), globals()[framework + "_app"])
