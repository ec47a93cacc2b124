import assert from 'node:assert/strict';
import { FlaskApp } from '../support/flask-app.js';
import { flaskPython } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { shareInFlamegraph, shareInRaw, shareInSpeedscope, withFolder } from '../support/recordings.js';

/** Where a request thread of Werkzeug begins; `ThreadingMixIn.` in front from 3.11. */
const requestThread = (minor: number) => `${minor >= 11 ? 'ThreadingMixIn.' : ''}process_request_thread`;

eachPython('the slow route fills the picture, given the pid of the reloader', async (python) => {
  await withFolder(async (folder) => {
    const app = await FlaskApp.start(flaskPython(python));
    try {
      const requests = app.keepRequesting();
      const recorded = await pyglass(
        'record',
        '-p',
        String(app.pid),
        '-d',
        '4',
        '-o',
        `${folder}/run.pyglass`,
      );
      await requests.stop();
      assert.equal(recorded.status, 0, recorded.stderr);
      assert.match(recorded.stderr, /Werkzeug's reloader/);
    } finally {
      await app.stop();
    }
    const whole = requestThread(python.minor);
    const view = async (format: string) => {
      const { status, stdout, stderr } = await pyglass(
        'report',
        `${folder}/run.pyglass`,
        '-f',
        format,
        '-o',
        '-',
      );
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const shares = {
      flamegraph: shareInFlamegraph(await view('flamegraph'), whole, 'slow_route'),
      raw: shareInRaw(await view('raw'), whole, 'slow_route'),
      speedscope: shareInSpeedscope(await view('speedscope'), whole, 'slow_route'),
    };
    for (const [format, share] of Object.entries(shares)) assert.ok(share >= 0.95, `${format}: ${share}`);
  });
});
