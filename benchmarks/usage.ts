import { parseArgs } from 'node:util';

/** What `npm run bench` can do. */
const usage = `npm run bench -- [PART] [options]

  all          everything below, and the tables of docs/performance.md; about 50 minutes (the default)
  done-when    only what the promises are about, then each with its figure
  peers        pyglass beside other profilers
  accuracy     shares, torn samples and impossible stacks
  impossible   impossible stacks, in as many samples as can be taken
  churn        names and shares of code that is made, run and dropped all the time
  children     50 short-lived children a second beside a busy process
  memory       memory over time
  requests     what it costs to know the request of a sample
  tasks        what it costs to look at 1,000 tasks ten times a second
  servers      [NAME…] tables of routes beside what a client measured; about three minutes
  report       a report of a million samples: its size, and how fast a browser is with it
  agent        its own CPU and memory beside 40 programs, and by how much it slows one; --minutes of each
  fleet        what 2,000 agents send, and an hour in which the receiver is away; --hosts
  day          the same of a day at 20 samples a second
  diff         what diff says of two runs of one program, and of one with a slower function; 9 minutes
  start        from the start of a command to its first stack
  render       the tables of docs/performance.md, from what was measured last

  --rounds N   of peers and start (5)
  --only WORD  scenarios of peers or programs of accuracy with this in their name; more than once: with all of them
  --full       peers: every combination of depth, threads and rate
  --quick      accuracy: 2 seconds each, not 10; children: 5, not 20
  --minutes N  of memory and agent (5)
  --hosts N    of fleet (2000)
  --folder DIR diff: where recordings are kept; those that are there are compared again
  --several N  diff: of N runs of each side instead of one (at most 6)
`;

/** Of our command line; an option that there is not ends the program. */
export function parsedFlags() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '5' },
        only: { type: 'string', multiple: true, default: [] },
        full: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        minutes: { type: 'string', default: '5' },
        hosts: { type: 'string', default: '2000' },
        folder: { type: 'string' },
        several: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!parsed.values.help) return parsed;
  } catch (error) {
    return refuse(`${(error as Error).message}\n\n`);
  }
  process.stdout.write(usage);
  process.exit(0);
}

export function refuse(why = ''): never {
  process.stderr.write(why + usage);
  process.exit(2);
}
