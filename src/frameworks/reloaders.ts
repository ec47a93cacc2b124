/** Functions whose frame stays on the stack of a process that only waits for a child which does the work. */
const reloaders: readonly { readonly name: string; readonly file: string; readonly function: string }[] = [
  { name: "Werkzeug's reloader", file: 'werkzeug/_reloader.py', function: 'restart_with_reloader' },
  { name: "Django's reloader", file: 'django/utils/autoreload.py', function: 'restart_with_reloader' },
  { name: "uvicorn's reloader", file: 'uvicorn/supervisors/basereload.py', function: 'run' },
];

/** The reloader whose waiting parent has this function on its stack; `undefined` for any other function. */
export function reloaderOf(file: string, functionName: string): string | undefined {
  return reloaders.find((reloader) => reloader.function === functionName && file.endsWith(reloader.file))
    ?.name;
}
