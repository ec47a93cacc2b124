import assert from 'node:assert/strict';
import { eachPython } from '../support/pythons.js';
import { kindsOfChurn, measureChurn } from './churn.js';

/** Share of the samples that may have the name of code that is gone. */
const mostWrong = 0.001;
/**
 * Seconds until that share is judged where some sample was wrong: on a busy machine a second has 700 samples, of which
 * it allows none.
 */
const mostSeconds = 4;
/** Pieces of code that must have been seen by then; on an idle machine each second shows 100. */
const enoughPieces = 10;

// How close the shares come is for `npm run bench -- churn`: here nothing depends on how busy the machine is.
for (const kind of kindsOfChurn) {
  eachPython(
    `code that is made, run and dropped (${kind}) has its own names`,
    async (python) => {
      let [samples, seen, wrong] = [0, 0, 0];
      for (let second = 0; second < mostSeconds && (seen < enoughPieces || wrong > 0); second++) {
        const result = await measureChurn(python, { kind, pieces: 0.004, rate: 2000, seconds: 1 });
        assert.ok(result.samples > 0);
        samples += result.samples;
        seen += result.seen;
        wrong += result.wrong;
      }
      assert.ok(seen >= enoughPieces, `${seen} pieces seen`);
      assert.ok(wrong <= mostWrong * samples, `${wrong} of ${samples} samples wrong`);
    },
    kind === 'renamed' ? { since: 8, what: 'code.replace()' } : undefined,
  );
}
