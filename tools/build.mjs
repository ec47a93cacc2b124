// Builds dist/: what is generated is written, every project is compiled, and what users run is bundled.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
const page = buildPage('main.tsx', 'styles.css');
generate('src/formats/html/page.generated.ts', 'src/web/', {
  pageScript: page.script,
  pageScriptHash: hashOf(page.script),
  pageStyle: page.style,
  pageStyleHash: hashOf(page.style),
  pageLicense: page.license,
});
const diff = buildPage('diff-main.tsx', 'diff.css');
generate('src/formats/diff/diff-page.generated.ts', 'src/web/', {
  diffScript: diff.script,
  diffScriptHash: hashOf(diff.script),
  diffStyle: diff.style,
  diffStyleHash: hashOf(diff.style),
  diffLicense: diff.license,
});
const live = buildPage('live-main.tsx', 'live.css');
generate('src/live/live-page.generated.ts', 'src/web/', {
  liveScript: live.script,
  liveScriptHash: hashOf(live.script),
  liveStyle: live.style,
  liveStyleHash: hashOf(live.style),
  liveLicense: live.license,
});
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
generate('src/session/version.generated.ts', 'package.json', { packageVersion: version });

const tsc = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', root], {
  stdio: 'inherit',
});
if (tsc.status === 0) bundle(root);
process.exit(tsc.status ?? 1);

/** The script and the style of a page: what they are made of is in no other file of the bundle. */
function buildPage(script, style) {
  const options = { bundle: true, write: false, minify: true, target: 'es2022', charset: 'ascii' };
  const made = (entry, more) =>
    buildSync({ ...options, ...more, entryPoints: [`${root}src/web/${entry}`] }).outputFiles[0].text.trim();
  const scriptText = made(script, {
    format: 'iife',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const styleText = made(style);
  if (/<\/script|<!--/i.test(scriptText) || /<\//.test(styleText))
    throw new Error('the page would end within its script');
  const license = readFileSync(`${root}node_modules/preact/LICENSE`, 'utf8').trim();
  if (license.includes('--')) throw new Error('the license would end its comment');
  return { script: scriptText, style: styleText, license: `This page contains Preact.\n\n${license}` };
}

/** As a policy of a page names a script that may run. */
function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

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
