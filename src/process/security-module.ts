import type { ModuleLabel } from '../model/doctor.js';
import { procText } from './proc-text.js';

/** A security module that may forbid one process to read another, whatever their users and capabilities are. */
export interface Confinement {
  readonly module: ModuleLabel['module'];
  /** Profile or context of pyglass, and of the process. */
  readonly ours: string;
  readonly target: string;
  /** SELinux: no process may read another (the boolean `deny_ptrace`). */
  readonly deniesAll: boolean;
}

type ReadText = (path: string) => string | undefined;

/** Modules that are on here, each with what it calls pyglass. `read`: for tests, files of /sys and /proc. */
export function moduleLabels(read: ReadText = procText): ModuleLabel[] {
  const found: ModuleLabel[] = [];
  if (read('/sys/module/apparmor/parameters/enabled')?.startsWith('Y'))
    found.push({ module: 'AppArmor', label: labelOf('self', 'apparmor', read) });
  // Where it only logs (permissive), it forbids nothing.
  if (read('/sys/fs/selinux/enforce')?.startsWith('1'))
    found.push({ module: 'SELinux', label: labelOf('self', 'selinux', read) });
  return found;
}

/** The module that confines this process or pyglass; `undefined` where none does. */
export function confinementOf(pid: number, read: ReadText = procText): Confinement | undefined {
  for (const { module, label: ours } of moduleLabels(read)) {
    const target = labelOf(pid, module === 'AppArmor' ? 'apparmor' : 'selinux', read);
    const deniesAll =
      module === 'SELinux' && (read('/sys/fs/selinux/booleans/deny_ptrace') ?? '').startsWith('1');
    if (deniesAll || isConfined(module, ours) || isConfined(module, target))
      return { module, ours, target, deniesAll };
  }
  return undefined;
}

/** Whether a module forbids anything to what has this label. */
export function isConfined(module: ModuleLabel['module'], label: string): boolean {
  if (label === '') return false;
  return module === 'AppArmor'
    ? /\((?:enforce|kill|mixed)\)$/.test(label)
    : !/:unconfined_t(?::|$)/.test(label);
}

/** Each module has a folder of its own from Linux 5.8 on; before, there is the label of the first. */
function labelOf(pid: number | 'self', folder: string, read: ReadText): string {
  const text = read(`/proc/${pid}/attr/${folder}/current`) ?? read(`/proc/${pid}/attr/current`) ?? '';
  return text.replace(/[\0\n]+$/, '');
}
