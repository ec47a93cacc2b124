// `npm run demo`: the app of the examples folder, recorded while it is used. Leaves profile.svg and
// profile.speedscope.json.

import { supportedPythons } from '../src/cpython/versions.js';
import { FlaskApp } from '../tests/support/flask-app.js';
import { flaskPython } from '../tests/support/packages.js';
import { pyglass } from '../tests/support/pyglass.js';
import { pythons } from '../tests/support/pythons.js';

const python = [...pythons().values()].reverse().find((one) => typeof one !== 'string' && one.root === '/');
if (!python || typeof python === 'string') {
  console.error(`The demo needs a Python ${supportedPythons()} on the PATH.`);
  process.exit(1);
}
console.log(`Flask for Python ${python.version} …`);
const app = await FlaskApp.start(flaskPython(python));
try {
  console.log(
    `${app.url}/slow is requested again and again; process ${app.pid} is what \`ps aux | grep python\` shows.`,
  );
  const requests = app.keepRequesting();
  await run('record', '--pid', String(app.pid), '--duration', '5', '--output', 'profile.pyglass');
  await requests.stop();
} finally {
  await app.stop();
}
await run('report', 'profile.pyglass', '--output', 'profile.svg');
await run('report', 'profile.pyglass', '--output', 'profile.speedscope.json');

console.log('\nOpen profile.svg in a browser, and profile.speedscope.json at https://www.speedscope.app');
console.log('The routes as a table:        npx pyglass report profile.pyglass -f routes -o -');
console.log('A program of your own:        npx pyglass ps, then npx pyglass record --pid PID');

async function run(...args: string[]): Promise<void> {
  console.log(`\n$ npx pyglass ${args.join(' ')}`);
  const { status, stderr } = await pyglass(...args);
  process.stdout.write(stderr);
  if (status !== 0) throw new Error(`pyglass ended with status ${status}`);
}
