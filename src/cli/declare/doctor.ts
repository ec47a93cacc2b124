import type { Command } from 'commander';
import { parsePid } from '../arguments.js';
import type { DoctorFlags } from '../commands/doctor.js';

const examples = `Examples:
  pyglass doctor                 what keeps pyglass from working on this machine
  pyglass doctor --pid 12345     what keeps a process from being recorded
  pyglass doctor --json -p 12345 | jq '.process.findings[].text'
`;

export function declareDoctor(program: Command, end: (status: number) => void): void {
  program
    .command('doctor')
    .description('check what pyglass can do here, and what to change')
    .option('-p, --pid <pid>', 'process to check as well [only the machine]', parsePid)
    .option('-j, --json', 'print JSON, for scripts (docs/doctor-json.md)')
    .addHelpText('before', examples)
    .addHelpText(
      'after',
      `
The report has no environment variables, secrets in arguments are hidden, and
names of home folders are left out. Exits with the status of the worst problem.`,
    )
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('../commands/doctor.js');
      end(await doctor(flags));
    });
}
