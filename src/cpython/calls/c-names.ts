import { publicModules } from './public-modules.js';

/** The module by whose name people know what is in a module written in C. */
export function publicModule(module: string): string {
  return publicModules[module] ?? module;
}

/** What names in C look like; anything else was never one. */
export function identifier(name: string | undefined): string | undefined {
  return name !== undefined && /^[\p{L}_<][\w.<>\p{L}]*$/u.test(name) ? name : undefined;
}
