import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildSync, transformSync } from 'esbuild';

/**
 * Makes dist/bundle/, which is what users run: loading 150 files took a third of a second. The command line and the
 * library are cut into files so that each command loads what it needs; each thread (`*-thread.ts`) is one file. They
 * are CommonJS, since Node 20 takes 3 ms a module for the other kind. koffi, which is native, is the only package that
 * stays outside. `dist/bundle.json` lists what went where.
 */
export function bundle(root) {
  const folder = join(root, 'dist/bundle');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  const entries = ['src/cli/main.ts', 'src/index.ts', ...threads(root)];
  const results = [
    // Only modules of the newer kind can be cut into files, so these are made first and then translated.
    buildSync({ ...options(root), entryPoints: entries.slice(0, 2), format: 'esm', splitting: true }),
    buildSync({ ...options(root), entryPoints: entries.slice(2), format: 'esm' }),
  ];
  for (const { path, text } of results.flatMap(({ outputFiles }) => outputFiles))
    writeFileSync(path, asCommonJs(text));
  const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  writeFileSync(join(root, 'dist/bundle.json'), JSON.stringify(outputs));
  checkThreads(folder);
  writeFileSync(join(folder, 'LICENSES.txt'), licenses(root, outputs));
  chmodSync(join(folder, 'main.js'), 0o755);
}

function options(root) {
  return {
    absWorkingDir: root,
    outdir: 'dist/bundle',
    // All in one folder: a thread is found beside the file that starts it.
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20.19',
    external: ['koffi'],
    alias: { 'node:child_process': join(root, 'tools/late-child-process.mjs') },
    // Names stay, for those who profile pyglass.
    minifyWhitespace: true,
    minifySyntax: true,
  };
}

function threads(root) {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('-thread.ts'))
    .map((file) => `src/${file}`);
}

function asCommonJs(text) {
  const usesUrl = text.includes('import.meta.url');
  const { code } = transformSync(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'importMetaUrl' },
    minifyWhitespace: true,
    minifySyntax: true,
  });
  if (!usesUrl) return code;
  const shebang = /^#!.*\n/.exec(code)?.[0] ?? '';
  const url = "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;";
  return `${shebang}${url}${code.slice(shebang.length)}`;
}

/** Threads are started by name, which no bundler follows. */
function checkThreads(folder) {
  const files = readdirSync(folder);
  for (const file of files.filter((name) => name.endsWith('.js')))
    for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(/new URL\("\.\/([^"]+)"/g))
      if (!files.includes(name)) throw new Error(`${file} wants ${name}, which is not in dist/bundle`);
}

/** Those who made the packages within ask for it. */
function licenses(root, outputs) {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(
    // The page of a report is a text by now.
    [...inputs, 'node_modules/preact/package.json'].flatMap(
      (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
    ),
  );
  const texts = [...packages].sort().map((path) => {
    const file = readdirSync(join(root, path)).find((name) => /^licen[cs]e/i.test(name));
    if (!file) throw new Error(`${path} has no license file`);
    const name = join(basename(dirname(path)).replace('node_modules', ''), basename(path));
    return `${name}\n\n${readFileSync(join(root, path, file), 'utf8').trim()}\n`;
  });
  // What is within packages, or was generated from a file that is not here.
  texts.push(readFileSync(join(root, 'tools/embedded-licenses.txt'), 'utf8'));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
