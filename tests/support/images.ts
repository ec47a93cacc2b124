import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import { freeThreadedVersions, versionName, versionNumber } from '../../src/cpython/versions.js';
import { dumpText } from '../../src/formats/dump/dump-text.js';
import type { ProcessSnapshot } from '../../src/model/snapshot.js';
import { imageTarget } from '../../src/platform/image/image-target.js';
import { type MemoryImage, readImage } from '../../src/platform/image/memory-image.js';
import type { Target } from '../../src/platform/target.js';
import { findPython } from '../../src/sampler/attach.js';
import { snapshotOf } from '../../src/sampler/snapshot.js';
import { supportedMinors } from './pythons.js';

const fixtures = new URL('../../../tests/fixtures/', import.meta.url).pathname;

/** A memory image that is kept: of a program on a Python. */
export interface ImageFixture {
  readonly name: string;
  readonly minor: number;
  readonly isFreeThreaded?: true;
  /** One for aarch64, in an emulator. */
  readonly isEmulated?: true;
  /** Below tests/programs. */
  readonly program: string;
  readonly packages?: readonly string[];
}

/** Those for aarch64: one whose GIL lies elsewhere than on x86-64, and one with a table of offsets. */
const emulatedMinors = [11, 15];

/** `known_state.py` on each version, on each free-threaded build, and on some for aarch64. */
export const stateFixtures: readonly ImageFixture[] = [
  ...emulatedMinors.map((minor) => ({
    ...({ name: `python${versionName(minor)}-aarch64`, minor, isEmulated: true } as const),
    program: 'known_state.py',
  })),
  ...supportedMinors.map((minor) => ({
    name: `python${versionName(minor)}`,
    minor,
    program: 'known_state.py',
  })),
  ...freeThreadedVersions.map(({ minor }) => ({
    ...({ name: `python3.${minor}t`, minor, isFreeThreaded: true } as const),
    program: 'known_state.py',
  })),
];

/** `requests_in_hand.py` where the variables and attributes lie in different ways. */
export const requestFixtures: readonly ImageFixture[] = [8, 11, 12, 13, 14].map((minor) => ({
  name: `requests-python3.${minor}`,
  minor,
  program: 'requests_in_hand.py',
}));

/** `known_tasks.py` on versions that keep tasks in three ways. */
export const taskFixtures: readonly ImageFixture[] = [9, 12, 14].map((minor) => ({
  name: `tasks-python3.${minor}`,
  minor,
  program: 'known_tasks.py',
}));

/** `known_greenlets.py` where the frames of greenlets, or the objects of the collector, lie in different ways. */
export const greenletFixtures: readonly ImageFixture[] = [
  { name: 'greenlets-python3.10', minor: 10 },
  { name: 'greenlets-python3.13', minor: 13 },
  { name: 'greenlets-python3.14t', minor: 14, isFreeThreaded: true as const },
].map((one) => ({ ...one, program: 'known_greenlets.py', packages: ['greenlet'] }));

export const geventFixture: ImageFixture = {
  name: 'like-gevent-python3.13',
  minor: 13,
  program: 'like_gevent.py',
  packages: ['greenlet'],
};

export const trioFixture: ImageFixture = {
  name: 'trio-python3.13',
  minor: 13,
  program: 'known_trio.py',
  packages: ['trio'],
};

/** The same of Python 2.7, with what its language has. */
export const python2Fixture: ImageFixture = {
  name: 'python2.7',
  minor: versionNumber(2, 7),
  program: 'python2/known_state.py',
};

/** Besides, arrays of the first and the second major version of numpy. */
export const imageFixtures: readonly ImageFixture[] = [
  python2Fixture,
  ...stateFixtures,
  ...requestFixtures,
  ...taskFixtures,
  ...greenletFixtures,
  geventFixture,
  trioFixture,
  ...[8, 13].map((minor) => ({
    name: `numpy-python3.${minor}`,
    minor,
    program: 'arrays.py',
    packages: ['numpy'],
  })),
];

export function imageFile({ name }: ImageFixture): string {
  return `${fixtures}${name}.image`;
}

/** What is shown of it. */
export function goldenOf({ name }: ImageFixture): string {
  return `${fixtures}${name}.txt`;
}

/** An image has 3 MB: of pieces of 64 KB they are put together in four fifths of the time that those of 16 KB take. */
const chunkSize = 64 << 10;

export function inflate(bytes: Uint8Array, mostBytes: number): Uint8Array {
  return inflateSync(bytes, { maxOutputLength: mostBytes, chunkSize });
}

const images = new Map<string, MemoryImage>();

/** Each image is read once in a process, for all of its tests: nobody may write into its bytes. */
export function imageOfFixture(fixture: ImageFixture): MemoryImage {
  const known = images.get(fixture.name);
  if (known) return known;
  const image = readImage(readFileSync(imageFile(fixture)), { inflate });
  images.set(fixture.name, image);
  return image;
}

const limits = { depth: 5, items: 40, text: 400, characters: 400 };

/** All threads of a target, with variables; `undefined`: no Python was found. */
export function snapshotWithVariables(target: Target): ProcessSnapshot | undefined {
  const location = findPython(target);
  return location && snapshotAt(target, location);
}

function snapshotAt(target: Target, location: RuntimeLocation): ProcessSnapshot {
  return snapshotOf(target, location, { variables: limits });
}

const snapshots = new Map<string, ProcessSnapshot>();

/** The same of an image as it is, which is read once in a process, for all of its tests. */
export function snapshotOfFixture(fixture: ImageFixture): ProcessSnapshot {
  const known = snapshots.get(fixture.name);
  if (known) return known;
  const snapshot = snapshotWithVariables(imageTarget(imageOfFixture(fixture)));
  if (!snapshot) throw new Error(`no Python was found in ${fixture.name}`);
  snapshots.set(fixture.name, snapshot);
  return snapshot;
}

/** A target as text, after where Python was found. Throws when it was not. */
export function shownOf(target: Target): string {
  const location = findPython(target);
  if (!location) throw new Error('no Python was found');
  const { version, image, runtime, layout } = location;
  const place = `Python ${version} in ${image}, layout of ${versionName(layout.minor)}, runtime at 0x${runtime.toString(16)}\n`;
  return place + textOf(snapshotAt(target, location));
}

export function textOf(snapshot: ProcessSnapshot): string {
  return [...dumpText([snapshot], { fullFileNames: false, valueLength: 400 })].join('');
}
