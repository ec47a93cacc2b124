/** The version in package.json. */
export { packageVersion as version } from './version.generated.js';
