// Records the memory images of tests/fixtures and their goldens, of every Python that is there or of those that are
// named: `npm run fixtures -- 3.12 tasks-python3.9`. What is shown of an image must be what is shown of the process;
// look at the difference of the goldens.
import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { versionName } from '../src/cpython/versions.js';
import { FakeThreads } from '../src/platform/fake-threads.js';
import { imageTarget } from '../src/platform/image/image-target.js';
import { readImage, writeImage } from '../src/platform/image/memory-image.js';
import type { Target } from '../src/platform/target.js';
import { linuxTarget } from '../src/process/linux-target.js';
import { openLiveMemory } from '../src/process/live-memory.js';
import { shortFileName } from '../src/process/short-file-name.js';
import { findPython } from '../src/sampler/attach.js';
import {
  goldenOf,
  type ImageFixture,
  imageFile,
  imageFixtures,
  inflate,
  shownOf,
  snapshotWithVariables,
} from '../tests/support/images.js';
import { withPackages } from '../tests/support/packages.js';
import {
  emulated,
  freeThreadedPythons,
  python2,
  pythons,
  type TestPython,
} from '../tests/support/pythons.js';
import { SampledProcess } from '../tests/support/sampled-process.js';
import { sampledStacks } from '../tests/support/sampled-stacks.js';
import { programFile, withTarget } from '../tests/support/targets.js';
import { RecordedTarget } from './recorded-target.js';

/** Where the programs and packages are found, so that no name of a folder of ours gets into an image. */
const folder = '/tmp/pyglass-programs';
/** What the programs import. */
const modules = ['values.py', 'buffers.py'];
/** Of our own environment nothing may get into an image. */
const env = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  PYTHONHASHSEED: '0',
  PYTHONDONTWRITEBYTECODE: '1',
  // Threads of a library would come and go.
  OPENBLAS_NUM_THREADS: '1',
};
const mostLooks = 200;
const deflate = (bytes: Uint8Array) => deflateSync(bytes, { level: 9 });

const wanted = process.argv.slice(2);
for (const fixture of imageFixtures) {
  const version = versionOf(fixture);
  if (wanted.length > 0 && !wanted.includes(version) && !wanted.includes(fixture.name)) continue;
  const python = pythonOf(fixture, version);
  if (typeof python === 'object') await record(fixture, python);
  else console.log(`${fixture.name}: ${python}`);
}

function versionOf({ minor, isFreeThreaded, isEmulated }: ImageFixture): string {
  return `${versionName(minor)}${isFreeThreaded ? 't' : ''}${isEmulated ? '-aarch64' : ''}`;
}

function pythonOf(fixture: ImageFixture, version: string): TestPython | string | undefined {
  if (fixture.isEmulated) return emulated(fixture.minor);
  if (fixture.minor < 0) return python2();
  return fixture.isFreeThreaded ? freeThreadedPythons().get(version) : pythons().get(fixture.minor);
}

async function record(fixture: ImageFixture, python: TestPython): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of [...modules, fixture.program])
    copyFileSync(programFile(name), `${folder}/${basename(name)}`);
  for (const name of modules) python.place(`${folder}/${name}`);
  const renamed: [string, string][] = python.root === '/' ? [] : [[python.root, '']];
  const installed = withoutHome(python, renamed);
  const paths: { PYTHONPATH?: string } = {};
  if (fixture.packages) {
    const own = dirname(withPackages(python, fixture.packages).env['PYTHONPATH']!);
    const link = `${folder}/packages`;
    rmSync(link, { force: true });
    symlinkSync(own, link);
    renamed.push([own, link]);
    paths.PYTHONPATH = `${link}/site-packages`;
  }
  const rename = (path: string) => {
    const [from, to] = renamed.find(([prefix]) => path.startsWith(`${prefix}/`)) ?? ['', ''];
    return to + path.slice(from.length);
  };
  await withTarget(
    installed,
    `${folder}/${basename(fixture.program)}`,
    async ({ pid }) => {
      const live = openLiveMemory(pid);
      if (!live) throw new Error(`process ${pid} cannot be read`);
      try {
        const target = linuxTarget(pid, live.memory);
        await settled(target);
        const recorded = new RecordedTarget(target, rename);
        const location = findPython(recorded.target)!;
        recorded.notesWithinPages = true;
        shownOf(recorded.target);
        recorded.notesWithinPages = false;
        sampledStacks(recorded.target.memory, location);
        // What is read of requests, and of greenlets.
        const kernel = new FakeThreads(target.threads!.ids.all());
        const sampled = { memory: recorded.target.memory, location, kernel };
        const shortName = (name: string) => shortFileName(name, () => false);
        for (const tasks of [false, true])
          new SampledProcess({ ...sampled, tasks, shortFileName: shortName }).ticks(20, 50_000);
        // Up to 3.6 the collector's state lies by itself, and only sampling asks for it.
        const { gc } = location.layout.runtime;
        if (gc >= 0) recorded.target.memory.read(location.runtime + gc, 8);
        const image = recorded.image();
        const file = writeImage(image, { deflate });
        const shown = shownOf(imageTarget(readImage(file, { inflate })));
        // The names of the executable are those of another root.
        const threads = (text: string) => text.slice(text.indexOf('\nThread '));
        if (threads(shown) !== threads(shownOf(target)))
          throw new Error(`the image ${fixture.name} shows something else than the process`);
        writeFileSync(imageFile(fixture), file);
        writeFileSync(goldenOf(fixture), shown);
        console.log(`${fixture.name}: ${image.pages.size} pages, ${file.length} bytes`);
      } finally {
        live.close();
      }
    },
    { env: { ...env, ...paths } },
  );
}

/** The same Python under a name that reveals nothing of this machine: a folder that leads to where it is installed. */
function withoutHome(python: TestPython, renamed: [string, string][]): TestPython {
  if (python.root !== '/') return python;
  if (python.emulator) return withoutHomeEmulated(python, python.emulator, renamed);
  const [file] = python.command;
  const prefix = dirname(dirname(file));
  const link = `${folder}/python${python.isFreeThreaded ? '-t' : ''}`;
  rmSync(link, { force: true, recursive: true });
  // Some look up where they really are.
  if (python.isFreeThreaded) cpSync(prefix, link, { recursive: true, verbatimSymlinks: true });
  else symlinkSync(prefix, link);
  renamed.push([prefix, link]);
  return { ...python, command: [link + file.slice(prefix.length)] };
}

function withoutHomeEmulated(
  python: TestPython,
  { folder: emulator, root }: NonNullable<TestPython['emulator']>,
  renamed: [string, string][],
): TestPython {
  const links: readonly (readonly [string, string])[] = [
    [emulator, `${folder}/emulator`],
    [root, `${folder}/python-aarch64`],
  ];
  for (const [path, link] of links) {
    rmSync(link, { force: true });
    symlinkSync(path, link);
    renamed.push([path, link]);
  }
  const plain = (word: string) => {
    const [path, link] = links.find(([one]) => word.startsWith(one)) ?? ['', ''];
    return link + word.slice(path.length);
  };
  const [file, ...words] = python.command;
  return { ...python, command: [plain(file), ...words.map(plain)] };
}

/** Waits until each thread waits, which no event shows: at the same location at two looks. */
async function settled(target: Target): Promise<void> {
  let before = '';
  for (let looks = 0; looks < mostLooks; looks++) {
    const snapshot = snapshotWithVariables(target);
    const now = JSON.stringify(snapshot);
    const isStill = snapshot?.threads.every(
      ({ state, moving, frames }) => state === 'waiting' && !moving && frames.length > 0,
    );
    if (isStill && now === before) return;
    before = now;
    await pause(100);
  }
  throw new Error('the program does not come to rest');
}
