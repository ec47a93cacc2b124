export { PyglassError } from './model/error.js';
