"""Runs cells in a shell of IPython, of which the last one waits."""
import builtins
import sys
import tempfile

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


def ready():
    print('ready', flush=True)
    sys.stdin.read()


builtins.ready = ready
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config, ipython_dir=tempfile.mkdtemp())
for text in ('first = 1', 'def second():\n    ready()\n', 'def third():\n    second()\n\nthird()'):
    shell.run_cell(text, store_history=True)
