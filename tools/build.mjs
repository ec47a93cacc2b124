// Builds dist/: the viewer that the SVG carries becomes a string, then every project is compiled.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const viewer = buildSync({
  entryPoints: [`${root}src/formats/flamegraph/viewer/main.ts`],
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  target: 'es2020',
  charset: 'ascii',
}).outputFiles[0].text;
const target = `${root}src/formats/flamegraph/viewer.generated.ts`;
const text = `// Made by tools/build.mjs from viewer/; not kept in git.\nexport const viewerScript = ${JSON.stringify(viewer)};\n`;
if (!sameText(target, text)) writeFileSync(target, text);

const tsc = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', root], {
  stdio: 'inherit',
});
process.exit(tsc.status ?? 1);

function sameText(path, wanted) {
  try {
    return readFileSync(path, 'utf8') === wanted;
  } catch {
    return false;
  }
}
