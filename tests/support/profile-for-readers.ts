import type { Profile } from '../../src/model/profile.js';
import { profileFromText } from './profile-from-text.js';

/** What readers of other projects are to show as reports do; one of its functions has that name. */
export function profileForReaders(hostileName: string): Profile {
  return profileFromText(
    {
      main: `${'<module> '.repeat(6)} | Shop.checkout:12 Shop.checkout:12 Shop.checkout:13 time.sleep time.sleep .`,
      other: 'f f . f f f',
    },
    {
      functions: {
        'Shop.checkout': { name: 'checkout', firstLine: 10 },
        'time.sleep': { kind: 'c', name: 'sleep' },
        f: { qualifiedName: hostileName },
      },
      states: { main: 'RRrWGC', other: 'rr.rrW' },
      jobs: { main: 'xx....' },
    },
  );
}
