import { type PythonWithPackage, pythonWith } from './packages.js';
import type { TestPython } from './pythons.js';

/** A Python that can import Flask, from a folder of its own; made at first use. */
export type FlaskPython = PythonWithPackage;

/** Throws with pip's own words when Flask cannot be had. */
export function flaskPython(python: TestPython): FlaskPython {
  return pythonWith('flask', python);
}
