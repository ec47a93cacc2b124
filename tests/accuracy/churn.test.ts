import assert from 'node:assert/strict';
import { eachPython } from '../support/pythons.js';
import { kindsOfChurn, measureChurn } from './churn.js';

/** Share of the samples that may have the name of code that is gone. */
const mostWrong = 0.001;

// How close the shares come is for `npm run bench -- churn`: here nothing depends on how busy the machine is.
for (const kind of kindsOfChurn) {
  eachPython(
    `code that is made, run and dropped (${kind}) has its own names`,
    async (python) => {
      const result = await measureChurn(python, { kind, pieces: 0.004, rate: 2000, seconds: 1 });
      assert.ok(result.samples > 0);
      assert.ok(result.seen > result.made / 20, `${result.seen} of ${result.made} pieces seen`);
      assert.ok(
        result.wrong <= mostWrong * result.samples,
        `${result.wrong} of ${result.samples} samples wrong`,
      );
    },
    kind === 'renamed' ? { since: 8, what: 'code.replace()' } : undefined,
  );
}
