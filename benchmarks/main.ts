// `npm run bench`: what pyglass costs and how true it is, beside its peers. Names of scenarios as arguments narrow it.
import { accuracy } from './accuracy.js';

const settings = [
  { rate: 1000, seconds: 10, sameCore: false },
  { rate: 10_000, seconds: 10, sameCore: false },
  { rate: 1000, seconds: 10, sameCore: true },
];
await accuracy(settings, (row) => {
  const core = row.sameCore ? 'one core' : 'two cores';
  console.log(
    `${row.python.padEnd(8)} ${row.program.padEnd(16)} ${String(row.rate).padStart(6)}/s ${core.padEnd(9)} off by ${row.worstPoints.toFixed(2)} ± ${row.noisePoints.toFixed(2)} points, ` +
      `torn ${row.tornPercent.toFixed(3)} %, missed ${row.missedPercent.toFixed(1)} %, impossible ${row.impossible} of ${row.samples}: ${row.shares}`,
  );
});
