import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { summaryReport } from '../../src/formats/summary/summary-json.js';
import { render } from '../../src/session/render.js';
import { profileForReaders } from '../support/profile-for-readers.js';
import { withFolder } from '../support/recordings.js';

const noGo = spawnSync('go', ['version']).status === 0 ? false : 'there is no Go';

const profile = profileForReaders('a\u001b[31m\n\u202eb');

test('go tool pprof shows the same totals, functions, lines and labels', { skip: noGo }, () =>
  withFolder((folder) => {
    const file = `${folder}/run.pb.gz`;
    writeFileSync(file, Buffer.concat([...render(profile, 'pprof')] as Uint8Array[]));
    const show = (...flags: readonly string[]) =>
      execFileSync('go', ['tool', 'pprof', ...flags, file], {
        encoding: 'utf8',
        env: { ...process.env, PPROF_TMPDIR: folder, TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const { time } = summaryReport(profile);
    const top = show('-top');
    assert.match(top, /^Time: 2026-05-09 07:32:10 UTC$/m);
    assert.match(top, new RegExp(`of ${time.shownSeconds * 1000}ms total$`, 'm'));
    assert.match(top, /^ +30ms +\S+ +\S+ +30ms +\S+ +Shop\.checkout$/m);
    assert.match(top, /^ +0 +\S+ +\S+ +60ms +\S+ +<module>$/m);
    assert.match(top, /a⟨U\+001B⟩\[31m⟨U\+000A⟩⟨U\+202E⟩b$/m);
    assert.match(
      show('-top', '-sample_index=cpu'),
      new RegExp(`of ${(time.cpuSeconds! * 1000).toFixed(2)}ms total$`, 'm'),
    );
    assert.match(show('-top', '-lines'), /^ +20ms .* Shop\.checkout app\.py:12$/m);
    assert.match(show('-tags'), /^ +20ms \(18\.18%\): x$/m);
    assert.match(show('-top', '-tagfocus=state=waiting$'), /^ +10ms +\S+ +\S+ +10ms +\S+ +time\.sleep$/m);
    const raw = show('-raw');
    assert.match(raw, /^samples\/count wall\/nanoseconds\[dflt\] cpu\/nanoseconds$/m);
    assert.match(raw, /Shop\.checkout app\.py:12:0 s=10\(checkout\)/);
  }),
);
