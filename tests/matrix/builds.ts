import { freeThreadedVersions, supportedVersions, versionName } from '../../src/cpython/versions.js';
import { freeThreadedPythons, python2, pythons, type TestPython } from '../support/pythons.js';

/** A build of Python that the matrix tries: a row of its tables. */
export interface MatrixBuild {
  /** Such as `3.12` or `3.14t`. */
  readonly name: string;
  /** What differs from the row before, for those who read it. */
  readonly differs: string;
  /** One that is there, or the reason why there is none. */
  find(): TestPython | string;
}

/** All of them, in the order of the tables. */
export const matrixBuilds: readonly MatrixBuild[] = [
  ...supportedVersions.map(({ minor, differs }) => ({
    ...{ name: versionName(minor), differs },
    find: () => (minor < 0 ? python2() : pythons().get(minor)!),
  })),
  ...freeThreadedVersions.map(({ minor, differs }) => ({
    ...{ name: `${versionName(minor)}t`, differs },
    find: () => freeThreadedPythons().get(`${versionName(minor)}t`)!,
  })),
];
