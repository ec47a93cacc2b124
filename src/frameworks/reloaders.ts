import { frameworks } from './frameworks.js';

/** Functions whose frame stays on the stack of a process that only waits for a child which does the work. */
const reloaders = frameworks.flatMap(({ title, reloader }) => {
  const [file, name] = reloader?.split(':') ?? [];
  return file === undefined || name === undefined ? [] : [{ title: `${title}'s reloader`, file, name }];
});

/** The reloader whose waiting parent has this function on its stack; `undefined` for any other function. */
export function reloaderOf(file: string, functionName: string): string | undefined {
  return reloaders.find(({ name, file: end }) => name === functionName && `/${file}`.endsWith(`/${end}`))
    ?.title;
}
