"""Threads that each have a request in hand, in frames of the files and functions that web frameworks have. They wait until the input ends."""
import datetime
import sys
import threading

here = threading.Barrier(7)
end = threading.Event()


def wait():
    here.wait()
    end.wait()


class Thing:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Slotted:
    __slots__ = ("route",)


def function(file, source):
    """The function that the source defines, as code of that file."""
    names = {"wait": wait, "datetime": datetime}
    exec(compile(source, "/site-packages/" + file, "exec"), names)
    return [found for name, found in names.items() if hasattr(found, "__code__") and name != "wait"][0]


wsgi_app = function(
    "flask/app.py",
    """
def wsgi_app(self, environ, start_response):
    ctx = self.request_context(environ)
    error = None
    wait()
""",
)
django = function(
    "django/core/handlers/wsgi.py",
    """
def __call__(self, environ, start_response):
    request = self.request_class(environ)
    wait()
""",
)
gunicorn = function(
    "gunicorn/workers/sync.py",
    """
def handle_request(self, listener, req, client, addr):
    environ = {}
    request_start = datetime.datetime(2026, 1, 2, 3, 4, 5, 678)
    environ = dict(req)
    self.wsgi(environ, None)
""",
)
wsgiref = function(
    "wsgiref/handlers.py",
    """
def run(self, application):
    self.result = application(self.environ, None)
""",
)
werkzeug = function(
    "werkzeug/serving.py",
    """
def run_wsgi(self):
    self.environ = environ = self.make_environ()
    def write(data):
        return environ, self
    self.execute(environ)
""",
)


def environ(method, path, **more):
    # Secrets lie beside what is read.
    filler = {"HTTP_X_%d" % n: "x" for n in range(20)}
    return dict(
        filler,
        REQUEST_METHOD=method,
        PATH_INFO=path,
        HTTP_COOKIE="session=hunter2",
        QUERY_STRING="token=hunter2",
        **more
    )


def flask_app(rule):
    request = Thing(url_rule=Thing(rule=rule) if rule else None, method="POST")
    request.routing_exception = None if rule else LookupError()
    app = Thing(request_context=lambda environ: Thing(request=request))
    return lambda environ, start_response: wsgi_app(app, environ, start_response)


def django_app(route):
    match = Slotted()
    match.route = route
    app = Thing(request_class=lambda environ: Thing(resolver_match=match))
    return lambda environ, start_response: django(app, environ, start_response)


def plain(environ, start_response):
    wait()


threads = {
    "flask": lambda: gunicorn(
        Thing(wsgi=flask_app("/item/<int:id>")), None, environ("GET", "/item/5"), None, None
    ),
    "no-route": lambda: gunicorn(Thing(wsgi=flask_app(None)), None, environ("GET", "/item/hunter2"), None, None),
    "django": lambda: wsgiref(Thing(environ=environ("PUT", "/a/b/c/")), django_app("a/<str:b>/c/")),
    "plain": lambda: wsgiref(Thing(environ=environ("DELETE", "/user/42/profile")), plain),
    "captured": lambda: werkzeug(
        Thing(
            client_address=("127.0.0.1", 43210),
            make_environ=lambda: environ("GET", "/"),
            execute=lambda environ: plain(environ, None),
        )
    ),
    "none": wait,
}
for name, target in threads.items():
    threading.Thread(target=target, name=name, daemon=True).start()
here.wait()
print("ready", flush=True)
sys.stdin.readline()
