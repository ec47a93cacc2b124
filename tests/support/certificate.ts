import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Certificate } from './fake-receiver.js';

/** A certificate for 127.0.0.1 that signs itself, made in `folder`. */
export function selfSigned(folder: string): Certificate {
  const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
