/** A kind of program, known by its command line; roles are told apart by its parent, its children and its environment. */
export interface ProgramKind {
  /** For scripts that read `ps --json`: never renamed. */
  readonly id: string;
  readonly title: string;
  /** The command: a script's name without `.py`, a module's or an executable's. */
  readonly command?: RegExp;
  /** The words after the command, a blank between. */
  readonly args?: RegExp;
  /** The code after -c. */
  readonly code?: RegExp;
  /** What the process renamed itself to (setproctitle). */
  readonly renamed?: RegExp;
  /** Only below a process of this kind. */
  readonly parent?: string;
  /** What it is when it is not a child of its own kind. */
  readonly role?: string;
  /** What its forked or spawned children are. */
  readonly childRole?: string;
  /** Group 1 in the words after the command, or in the new name, is named: the application. */
  readonly names?: RegExp;
  /** An environment variable that a reloader sets in the process which serves. */
  readonly servesWith?: string;
}

const application = /(?:^| )([A-Za-z_][\w.]*:[A-Za-z_]\w*(?:\(\))?)(?: |$)/;
const spawned = /^from multiprocessing\.(?:spawn|forkserver) import|--multiprocessing-fork/;

/** Tried in this order; the first that fits counts. */
// biome-ignore format: one line a kind
export const programKinds: readonly ProgramKind[] = [
  { id: 'multiprocessing-tracker', title: "multiprocessing's resource tracker", code: /^from multiprocessing\.(?:resource|semaphore)_tracker import/ },
  { id: 'uvicorn', title: 'uvicorn', code: spawned, parent: 'uvicorn', childRole: 'worker' },
  { id: 'fastapi', title: 'FastAPI', code: spawned, parent: 'fastapi', childRole: 'worker' },
  { id: 'hypercorn', title: 'hypercorn', code: spawned, parent: 'hypercorn', childRole: 'worker' },
  { id: 'multiprocessing', title: 'multiprocessing', code: spawned, parent: 'multiprocessing-forkserver' },
  { id: 'multiprocessing-forkserver', title: "multiprocessing's fork server", code: /^from multiprocessing\.forkserver import/, childRole: 'worker' },
  { id: 'multiprocessing', title: 'multiprocessing', code: spawned, role: 'worker' },
  { id: 'loky', title: 'joblib worker', command: /^joblib\.externals\.loky\./ },
  { id: 'pytest-xdist', title: 'pytest-xdist worker', code: /^import sys;\s*exec\(eval\(sys\.stdin\.readline\(\)\)\)/ },

  { id: 'gunicorn', title: 'gunicorn', renamed: /^gunicorn: worker/, role: 'worker', names: /\[(.+)\]/ },
  { id: 'gunicorn', title: 'gunicorn', renamed: /^gunicorn: /, role: 'arbiter', names: /\[(.+)\]/ },
  { id: 'gunicorn', title: 'gunicorn', command: /^gunicorn$/, role: 'arbiter', childRole: 'worker', names: application },
  { id: 'uvicorn', title: 'uvicorn', command: /^uvicorn$/, args: /--reload( |$)/, role: 'reloader', childRole: 'serving', names: application },
  { id: 'uvicorn', title: 'uvicorn', command: /^uvicorn$/, args: /--workers[ =]/, role: 'supervisor', childRole: 'worker', names: application },
  { id: 'uvicorn', title: 'uvicorn', command: /^uvicorn$/, role: 'serving', names: application },
  { id: 'hypercorn', title: 'hypercorn', command: /^hypercorn$/, role: 'arbiter', childRole: 'worker', names: application },
  { id: 'daphne', title: 'daphne', command: /^daphne$/, names: application },
  { id: 'waitress', title: 'waitress', command: /^waitress(-serve)?$/, names: application },
  { id: 'granian', title: 'granian', command: /^granian$/, role: 'arbiter', childRole: 'worker', names: application },
  { id: 'uwsgi', title: 'uWSGI', command: /^uwsgi$/, role: 'master', childRole: 'worker' },
  { id: 'mod_wsgi', title: 'mod_wsgi', command: /^(apache2|httpd|mod_wsgi-express)$/ },
  { id: 'fastapi', title: 'FastAPI', command: /^fastapi$/, args: /^dev( |$)/, role: 'reloader', childRole: 'serving', names: / (\S+\.py)/ },
  { id: 'fastapi', title: 'FastAPI', command: /^fastapi$/, role: 'serving', childRole: 'worker', names: / (\S+\.py)/ },
  { id: 'flask', title: 'Flask', command: /^flask$/, args: /(^| )run( |$)/, servesWith: 'WERKZEUG_RUN_MAIN=true', names: /--app[ =](\S+)/ },
  { id: 'django-runserver', title: 'Django runserver', command: /^(manage|django-admin|django)$/, args: /^runserver( |$)/, servesWith: 'RUN_MAIN=true' },
  { id: 'django', title: 'Django', command: /^(manage|django-admin|django)$/, names: /^(\S+)/ },
  { id: 'flask', title: 'Flask', servesWith: 'WERKZEUG_RUN_MAIN=true' },

  { id: 'celery', title: 'celery', renamed: /^\[?celeryd?: .*PoolWorker/, role: 'worker' },
  { id: 'celery', title: 'celery', renamed: /^\[?celeryd?: /, role: 'main process' },
  { id: 'celery', title: 'celery beat', renamed: /^\[celery beat\]/ },
  { id: 'celery', title: 'celery beat', command: /^celery$/, args: /(^| )beat( |$)/ },
  { id: 'celery', title: 'celery', command: /^celery$/, args: /(^| )worker( |$)/, role: 'main process', childRole: 'worker', names: /(?:-A|--app)[ =](\S+)/ },
  { id: 'celery', title: 'celery', command: /^celery$/ },
  { id: 'rq', title: 'RQ worker', command: /^rqworker$|^rq$/, childRole: 'job' },
  { id: 'dramatiq', title: 'dramatiq', command: /^dramatiq$/, role: 'main process', childRole: 'worker' },
  { id: 'huey', title: 'huey', command: /^huey_consumer$/, role: 'main process', childRole: 'worker' },
  { id: 'airflow', title: 'Airflow', command: /^airflow$/, names: /^(\S+)/ },
  { id: 'dask', title: 'Dask', command: /^(dask|dask-worker|dask-scheduler)$/, names: /^(\S+)/ },
  { id: 'ray', title: 'Ray worker', renamed: /^ray::/ },
  { id: 'ray', title: 'Ray', command: /^(ray|default_worker)$/ },
  { id: 'spark', title: 'PySpark worker', command: /^pyspark\.(daemon|worker)$/ },
  { id: 'torchrun', title: 'torchrun', command: /^(torchrun|torch\.distributed\.(run|launch))$/, names: /(\S+\.py)/ },

  { id: 'jupyter-kernel', title: 'Jupyter kernel', command: /^(ipykernel_launcher|ipykernel|colab_kernel_launcher)$/ },
  { id: 'jupyter', title: 'Jupyter server', command: /^(jupyter|jupyter-(lab|notebook|server|hub|labhub)|jupyterhub|jupyterlab|notebook)$/ },
  { id: 'ipython', title: 'IPython', command: /^(ipython\d?|IPython)$/ },
  { id: 'streamlit', title: 'Streamlit', command: /^streamlit$/, names: /^run (\S+)/ },
  { id: 'pytest', title: 'pytest', command: /^(pytest|py\.test)$/, childRole: 'child' },
  { id: 'unittest', title: 'unittest', command: /^unittest$/ },
  { id: 'tox', title: 'tox', command: /^(tox|nox)$/ },
  { id: 'pip', title: 'pip', command: /^(pip[\d.]*|pip\._internal)$/, names: /^(\S+)/ },
  { id: 'ansible', title: 'Ansible', command: /^ansible(-playbook)?$/, childRole: 'worker', names: /(\S+\.ya?ml)/ },
  { id: 'supervisord', title: 'supervisord', command: /^supervisord$/ },
  { id: 'http.server', title: "Python's web server", command: /^http\.server$/ },
  { id: 'debugpy', title: 'debugpy', command: /^debugpy(\..*)?$/ },
];
