import type { Framework } from './framework.js';

export const streamlit: Framework = {
  id: 'streamlit',
  title: 'Streamlit',
  programs: [{ command: /^streamlit$/, names: /^run (\S+)/ }],
};
