// Builds dist/: what is generated is written, every project is compiled, and what users run is bundled.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundle } from './bundle.mjs';

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
generate('src/formats/flamegraph/viewer.generated.ts', 'viewer/', { viewerScript: viewer });
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
generate('src/session/version.generated.ts', 'package.json', { packageVersion: version });

const tsc = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', root], {
  stdio: 'inherit',
});
if (tsc.status === 0) bundle(root);
process.exit(tsc.status ?? 1);

/** A module of constants; it is left alone when it is the same. */
function generate(path, source, constants) {
  const lines = Object.entries(constants).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`,
  );
  const text = `// Made by tools/build.mjs from ${source}; not kept in git.\n${lines.join('')}`;
  if (!sameText(root + path, text)) writeFileSync(root + path, text);
}

function sameText(path, wanted) {
  try {
    return readFileSync(path, 'utf8') === wanted;
  } catch {
    return false;
  }
}
