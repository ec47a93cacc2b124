import { frameworkContract } from '../../tests/support/framework-contract.js';
import { ansible } from './ansible.js';

frameworkContract(ansible, {
  programs: [
    { command: 'python /bin/ansible-playbook site.yml', ps: 'Ansible: site.yml' },
    {
      command: 'python /bin/ansible-playbook site.yml',
      ps: 'Ansible worker: site.yml',
      below: ['python /bin/ansible-playbook site.yml'],
    },
  ],
});
