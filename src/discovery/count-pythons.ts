import { isNameOfPython } from '../frameworks/describe-program.js';
import type { PythonCount } from '../model/doctor.js';
import { PythonFinder } from '../process/find-pythons.js';

/** How many Python processes there are, and how many can be read. Throws `proc-missing`. */
export function countPythons(): PythonCount {
  const finder = new PythonFinder(isNameOfPython);
  const errors = new Map<string, PythonCount['errors'][number]>();
  let found = 0;
  let readable = 0;
  let example: number | null = null;
  for (const python of finder.find()) {
    const state = finder.inspect(python);
    if (!state) continue;
    found++;
    if (!state.error) {
      readable++;
      example ??= python.pid;
      continue;
    }
    const { code, message } = state.error;
    const same = errors.get(code);
    errors.set(code, same ? { ...same, count: same.count + 1 } : { code, message, count: 1 });
  }
  return { found, readable, example, errors: [...errors.values()] };
}
