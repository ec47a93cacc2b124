import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** What `npx pyglass` runs: a bundle of the command line. */
export const main = fileURLToPath(new URL(bin.pyglass, root));
