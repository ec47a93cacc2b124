import type { Framework } from './framework.js';

export const ansible: Framework = {
  id: 'ansible',
  title: 'Ansible',
  programs: [{ command: /^ansible(-playbook)?$/, childRole: 'worker', names: /(\S+\.ya?ml)/ }],
};
