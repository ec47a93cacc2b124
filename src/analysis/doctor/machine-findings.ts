import { architectureName, neededMachine, readsProcessesOn } from '../../model/architectures.js';
import type { Finding, MachineFacts, PythonCount } from '../../model/doctor.js';
import type { ErrorCode } from '../../model/error.js';
import { plural } from '../human-units.js';

/** The oldest Node that runs pyglass, as package.json has it. */
export const oldestNode = '20.19';

export const ok = (id: string, text: string): Finding => ({ id, level: 'ok', text, change: [], code: null });
export const note = (id: string, text: string, ...change: string[]): Finding => ({
  ...{ id, level: 'note', text, change, code: null },
});
export const problem = (id: string, code: ErrorCode, text: string, ...change: string[]): Finding => ({
  ...{ id, level: 'problem', text, change, code },
});

/** What the facts of a machine mean for pyglass, in the order in which they matter. */
export function machineFindings(facts: MachineFacts): Finding[] {
  const platform = platformFinding(facts);
  // Nothing else has a meaning elsewhere.
  if (platform.level === 'problem') return [platform, nodeFinding(facts)];
  return [
    platform,
    nodeFinding(facts),
    ...procFindings(facts),
    nativeFinding(facts),
    readingFinding(facts),
    rightsFinding(facts),
    ...yamaFindings(facts),
    ...securityModuleFindings(facts),
    ...seccompFindings(facts),
    namespaceFinding(facts),
    cpuTimeFinding(facts),
    clockFinding(facts),
    cpuFinding(facts),
    ...folderFindings(facts),
    ok('perf-events', perfText(facts)),
  ];
}

function platformFinding({ platform, architecture, kernel }: MachineFacts): Finding {
  if (readsProcessesOn(platform, architecture))
    return ok('platform', `Linux ${kernel} on ${architectureName(architecture)}`);
  return problem(
    'platform',
    'platform-unsupported',
    `pyglass needs ${neededMachine}; this Node runs as one for ${platform} on ${architecture}`,
    'Run the program and pyglass on Linux, for example in a virtual machine.',
  );
}

function nodeFinding({ node }: MachineFacts): Finding {
  const text = `Node ${node}; ${oldestNode} or later is needed`;
  return isAtLeast(node, oldestNode)
    ? ok('node', text)
    : problem(
        'node',
        'node-unsupported',
        text,
        'Install a later one, and see which is found:',
        '  node --version',
      );
}

function isAtLeast(version: string, oldest: string): boolean {
  const [[major, minor], [oldMajor, oldMinor]] = [version, oldest].map((text) =>
    text.split('.').map(Number),
  ) as [[number, number], [number, number]];
  return major > oldMajor || (major === oldMajor && minor >= oldMinor);
}

function procFindings({ procMounted, procIsOurs, hidepid, hasSysPtrace }: MachineFacts): Finding[] {
  if (!procMounted)
    return [
      problem(
        'proc',
        'proc-missing',
        '/proc is not mounted here; pyglass finds processes in it',
        'Mount it, or run pyglass where it is mounted:',
        '  sudo mount -t proc proc /proc',
      ),
    ];
  const own = procIsOurs
    ? ok('proc', '/proc is mounted')
    : problem(
        'proc',
        'proc-missing',
        '/proc is that of another pid namespace, so its ids are not those of processes here',
        'Mount the right one:',
        '  sudo mount -t proc proc /proc',
      );
  if (hidepid === null || hasSysPtrace) return [own];
  return [
    own,
    note('hidepid', `/proc hides the processes of other users (hidepid=${hidepid})`, 'Run pyglass as root.'),
  ];
}

function nativeFinding({ koffiError }: MachineFacts): Finding {
  if (koffiError === null) return ok('koffi', 'koffi is loaded, which calls the kernel');
  return problem(
    'koffi',
    'koffi-missing',
    `koffi cannot be loaded, which calls the kernel: ${koffiError}`,
    'Install pyglass again, with the packages for this machine:',
    '  npm install --force pyglass',
  );
}

function readingFinding({ ownReads, koffiError }: MachineFacts): Finding {
  if (!ownReads)
    return note('reading', `reading memory was not tried${koffiError === null ? '' : ' without koffi'}`);
  const { processVmReadv, procMem } = ownReads;
  const [called, file] = [processVmReadv === 'ok', procMem === 'ok'];
  if (called && file)
    return ok(
      'reading',
      'memory can be read with process_vm_readv, and with /proc/PID/mem (tried on pyglass itself)',
    );
  if (called) return ok('reading', `memory can be read with process_vm_readv; /proc/PID/mem: ${procMem}`);
  const cause = 'a filter of system calls (seccomp), or a kernel without it';
  if (file)
    return note(
      'reading',
      `process_vm_readv: ${processVmReadv}, from ${cause}; pyglass reads with /proc/PID/mem, which is slower`,
      'Let the container allow process_vm_readv (Docker 20 and later do), or run pyglass on the host.',
    );
  return problem(
    'reading',
    'permission-denied',
    `memory cannot be read here at all: process_vm_readv: ${processVmReadv}, /proc/PID/mem: ${procMem}`,
    'Run pyglass on the host, or start the container with another seccomp profile:',
    '  docker run --security-opt seccomp=unconfined --cap-add=SYS_PTRACE …',
  );
}

function rightsFinding(facts: MachineFacts): Finding {
  const { uid, hasSysPtrace, mayHaveSysPtrace, container } = facts;
  const who = uid === 0 ? 'root' : `user ${uid}`;
  if (hasSysPtrace) return ok('rights', `pyglass runs as ${who} with the capability SYS_PTRACE`);
  const lacks = `pyglass runs as ${who} without the capability SYS_PTRACE`;
  if (uid !== 0) return ok('rights', `${lacks}: it reads processes of this user only`);
  if (container !== null || !mayHaveSysPtrace)
    return note(
      'rights',
      `${lacks}: processes that have more rights cannot be read`,
      'Start the container with it, or run pyglass on the host:',
      '  docker run --cap-add=SYS_PTRACE …',
      'In Kubernetes: securityContext.capabilities.add: ["SYS_PTRACE"]',
    );
  return note(
    'rights',
    `${lacks}: processes that have more rights cannot be read`,
    'Use a shell with all capabilities.',
  );
}

function yamaFindings({ ptraceScope, hasSysPtrace }: MachineFacts): Finding[] {
  if (ptraceScope < 0) return [ok('yama', 'Yama is not there: it forbids nothing')];
  if (ptraceScope === 0) return [ok('yama', 'Yama forbids nothing (ptrace_scope is 0)')];
  if (ptraceScope === 3)
    return [
      problem(
        'yama',
        'permission-yama',
        'Yama lets no process read another, not even one of root (ptrace_scope is 3)',
        'It stays so until the next boot. Before that, set it lower where the system sets it:',
        '  grep -r ptrace_scope /etc/sysctl.conf /etc/sysctl.d',
      ),
    ];
  if (hasSysPtrace)
    return [ok('yama', `Yama forbids nothing to SYS_PTRACE (ptrace_scope is ${ptraceScope})`)];
  const lower = [
    'Run pyglass as root, or allow it until the next boot:',
    '  sudo sysctl kernel.yama.ptrace_scope=0',
  ];
  return ptraceScope === 2
    ? [
        problem(
          'yama',
          'permission-yama',
          'Yama lets only processes with SYS_PTRACE read others (ptrace_scope is 2)',
          ...lower,
        ),
      ]
    : [
        note(
          'yama',
          `Yama lets only the parent read a process (ptrace_scope is ${ptraceScope}): pyglass can read what it starts`,
          ...lower,
        ),
      ];
}

function securityModuleFindings({ securityModules }: MachineFacts): Finding[] {
  if (securityModules.length === 0)
    return [ok('security-modules', 'neither AppArmor nor an enforcing SELinux is there')];
  const names = securityModules.map(({ module, label }) => `${module} (pyglass: ${label || 'unknown'})`);
  return [
    ok('security-modules', `${names.join(' and ')} may deny reading; --pid shows what confines the process`),
  ];
}

function seccompFindings({ seccomp, noNewPrivileges }: MachineFacts): Finding[] {
  const privileges = noNewPrivileges
    ? ', and no program can get more rights than it has (no_new_privs: sudo fails)'
    : '';
  if (seccomp === 2)
    return [ok('seccomp', `pyglass runs under a filter of system calls (seccomp)${privileges}`)];
  return [ok('seccomp', `no filter of system calls (seccomp)${privileges}`)];
}

function namespaceFinding({ container, inPidNamespace, inUserNamespace }: MachineFacts): Finding {
  const place = container === null ? 'no container is known' : `in a container (${container})`;
  const pids = inPidNamespace
    ? 'only processes of its own pid namespace are seen'
    : 'the first pid namespace';
  if (!inUserNamespace) return ok('namespaces', `${place}; ${pids}`);
  return note(
    'namespaces',
    `${place}; ${pids}; rights count in its own user namespace only`,
    'To read processes outside, run pyglass on the host.',
  );
}

function cpuTimeFinding({ countsCpuTime }: MachineFacts): Finding {
  if (countsCpuTime) return ok('cpu-times', 'the kernel counts the CPU time of each thread (schedstat)');
  return note(
    'cpu-times',
    'the kernel does not count the CPU time of each thread (schedstat): recordings have wall time only',
    'Use a kernel with CONFIG_SCHED_INFO; sysctl kernel.sched_schedstats is not needed.',
  );
}

function clockFinding({ clockSource, timerSlackNanoseconds: slack }: MachineFacts): Finding {
  const text = `clock ${clockSource ?? 'not known'}, timer slack ${slack === null ? 'not known' : `${slack / 1000} µs`}`;
  const isSlow = clockSource === 'hpet' || clockSource === 'acpi_pm';
  return isSlow
    ? note('clock', `${text}: each look at this clock takes a microsecond, which high rates feel`)
    : ok('clock', text);
}

function cpuFinding({ cpus, cpuLimit }: MachineFacts): Finding {
  const text = plural(cpus, 'CPU');
  if (cpuLimit === null) return ok('cpus', `${text}, no limit`);
  const limited = `${text}, limited to ${Math.round(cpuLimit * 100) / 100} by the control group`;
  return cpuLimit < 1
    ? note('cpus', `${limited}: ticks will be missed while the program takes all of it`)
    : ok('cpus', limited);
}

function folderFindings({ temporaryFolder: temporary, cacheFolder: cache }: MachineFacts): Finding[] {
  const first =
    temporary.error === null
      ? ok('temporary-folder', `files can be written to ${temporary.path}`)
      : note(
          'temporary-folder',
          `nothing can be written to ${temporary.path} (${temporary.error}), where top keeps its recording`,
          'Name another folder:',
          '  export TMPDIR=/var/tmp',
        );
  const second =
    cache !== null && cache.error === null
      ? ok('cache-folder', `compiled code is kept in ${cache.path}`)
      : note(
          'cache-folder',
          'there is no cache folder that only this user can write to: commands start slower',
        );
  return [first, second];
}

function perfText({ perfEventParanoid: paranoid }: MachineFacts): string {
  const value = paranoid === null ? 'not there' : `perf_event_paranoid is ${paranoid}`;
  return `perf events are not used (${value})`;
}

/** How many of the Pythons of the machine can be read. */
export function pythonsFinding({ found, readable, errors }: PythonCount): Finding {
  if (found === 0) return ok('pythons', 'no Python process is visible here');
  const text = `${plural(found, 'Python process', 'Python processes')}, ${readable} can be read`;
  const reasons = errors.map(
    ({ message, count }) => `${count === 1 ? '' : `${count} processes, such as: `}${message}`,
  );
  const [first] = errors;
  if (!first) return ok('pythons', text);
  if (readable > 0) return note('pythons', text, ...reasons);
  return problem('pythons', first.code, text, ...reasons);
}
