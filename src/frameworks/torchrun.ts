import type { Framework } from './framework.js';

export const torchrun: Framework = {
  id: 'torchrun',
  title: 'torchrun',
  programs: [{ command: /^(torchrun|torch\.distributed\.(run|launch))$/, names: /(\S+\.py)/ }],
};
