// Runs the tests that need no Python: the same as `npm run coverage`, which counts what they cover.
import { runUnitTests } from './unit-tests.mjs';

await runUnitTests({ counts: false });
