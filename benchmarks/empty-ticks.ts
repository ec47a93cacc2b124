// A loop that does nothing at its ticks, which come when those of the sampler would. Arguments: ticks a second and
// seconds.
import { SamplingClock } from '../src/sampler/clock.js';

const [rate = 0, seconds = 0] = process.argv.slice(2).map(Number);
const clock = new SamplingClock(rate, new Int32Array(new SharedArrayBuffer(4)));
const end = performance.now() + seconds * 1000;
let ticks = 0;
while (clock.next() < end) ticks++;
console.log(JSON.stringify({ ticks, missed: clock.missed }));
