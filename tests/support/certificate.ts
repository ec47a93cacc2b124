import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { proxiedHost } from './fake-proxy.js';
import type { Certificate } from './fake-receiver.js';

/** All for one machine. 0.0.0.0 is this one too, and no address of loopback. */
const names = ['IP:127.0.0.1', 'IP:0.0.0.0', `DNS:${proxiedHost}`];

/** A certificate that signs itself, made in `folder`, for this machine and what a `FakeProxy` finds. */
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
      ...[
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        `subjectAltName=${names.join()}`,
        '-keyout',
        key,
        '-out',
        cert,
      ],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
