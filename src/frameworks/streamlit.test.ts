import { frameworkContract } from '../../tests/support/framework-contract.js';
import { streamlit } from './streamlit.js';

frameworkContract(streamlit, {
  programs: [{ command: 'python /bin/streamlit run app.py', ps: 'Streamlit: app.py' }],
});
