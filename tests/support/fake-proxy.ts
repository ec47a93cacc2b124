import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/**
 * What only a proxy finds: a receiver at 127.0.0.1, to which no push goes by a proxy. Certificates of `selfSigned` are
 * for it too.
 */
export const proxiedHost = 'receiver.example';

/**
 * A proxy of HTTP: passes on what it is asked for, by a tunnel or not, to those with these credentials alone. It knows
 * where `proxiedHost` is.
 */
export class FakeProxy implements AsyncDisposable {
  /** `CONNECT host:port` or `POST http://…`, without what follows a `?`. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(credentials: string | undefined) {
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    const isKnown = (request: IncomingMessage) => request.headers['proxy-authorization'] === wanted;
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url!.split('?')[0]}`);
      if (!isKnown(request)) return void response.writeHead(407).end('who are you?');
      const { 'proxy-authorization': _, ...headers } = request.headers;
      const url = request.url!.replace(proxiedHost, '127.0.0.1');
      const onward = httpRequest(url, { method: request.method!, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.once('error', () => response.destroy());
      request.pipe(onward);
    });
    this.#server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    this.#server.on('connect', (request: IncomingMessage, client: Socket) => {
      this.asked.push(`CONNECT ${request.url}`);
      if (!isKnown(request)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const [host, port] = request.url!.split(':');
      const place = host === proxiedHost ? '127.0.0.1' : host;
      const server = connect(Number(port), place, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      this.#sockets.add(server);
      server.pipe(client).pipe(server);
      for (const socket of [server, client]) socket.on('error', () => socket.destroy());
    });
  }

  static async start(credentials?: string): Promise<FakeProxy> {
    const proxy = new FakeProxy(credentials);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** `127.0.0.1:3128` */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
