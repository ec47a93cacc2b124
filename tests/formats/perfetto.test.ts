import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionTable } from '../../src/analysis/function-table.js';
import { defaultView } from '../../src/analysis/view-options.js';
import { summaryReport } from '../../src/formats/summary/summary-json.js';
import { render } from '../../src/session/render.js';
import { noBrowser } from '../support/browser.js';
import { withPerfetto } from '../support/perfetto.js';
import { profileForReaders } from '../support/profile-for-readers.js';

const profile = profileForReaders('<b>"f"\\');

test(
  "Perfetto's trace processor finds nothing wrong, and the same totals and functions",
  { skip: noBrowser },
  () =>
    withPerfetto([...render(profile, 'chrometrace')].join(''), async (ask) => {
      const wrong = await ask("select name, value from stats where severity != 'info' and value != 0", {
        name: 'text',
        value: 'number',
      });
      assert.deepEqual(wrong, []);
      const calls = 'slice join thread_track on slice.track_id = thread_track.id join thread using (utid)';
      const threads = await ask(
        `select thread.name as name, sum(dur) as dur from ${calls} where depth = 0 group by utid order by 1`,
        { name: 'text', dur: 'number' },
      );
      assert.deepEqual(threads, [
        ['thread (100): main', 60e6],
        ['thread (101): other', 50e6],
      ]);
      const { time } = summaryReport(profile);
      assert.equal(threads.reduce((sum, [, dur]) => sum + Number(dur), 0) / 1e9, time.shownSeconds);
      const functions = await ask(`select slice.name as name, sum(dur) as dur from ${calls} group by 1`, {
        name: 'text',
        dur: 'number',
      });
      const found = new Map(functions.map(([name, dur]) => [name, dur]));
      const { rows } = functionTable(profile, { ...defaultView, lines: 'none' }, 100);
      for (const row of rows.filter(({ function: fn }) => fn >= 0)) {
        const { qualifiedName } = profile.functions[row.function]!;
        assert.equal(found.get(qualifiedName), row.totalTime * 1000, qualifiedName);
      }
      assert.deepEqual(
        await ask("select name, dur from slice where name like 'job%'", { name: 'text', dur: 'number' }),
        [['job: x', 20e6]],
      );
    }),
);
