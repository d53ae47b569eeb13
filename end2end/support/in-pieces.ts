// A server in front of Renova from which documents come in two pieces, as over a slow line.

import { createServer, type IncomingMessage, request as ask, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class InPieces {
  /** Lets the rest of the document through. */
  goOn: () => void = () => undefined;
  /** Documents that were stopped. */
  stopped = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Documents stop after the first match of `place`. */
  static async start(renova: string, place: RegExp): Promise<InPieces> {
    const server = createServer();
    await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
    const front = new InPieces(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => front.pass(renova, place, request, response));
    return front;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private pass(renova: string, place: RegExp, request: IncomingMessage, response: ServerResponse): void {
    const headers = { ...request.headers, host: new URL(renova).host, 'accept-encoding': 'identity' };
    const passed = ask(`${renova}${request.url}`, { method: request.method, headers }, (answer) => {
      const { 'content-length': _, ...answered } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, answered);
      if (!answer.headers['content-type']?.startsWith('text/html')) return void answer.pipe(response);
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => this.send(Buffer.concat(chunks).toString(), place, response));
    });
    request.pipe(passed);
  }

  private send(document: string, place: RegExp, response: ServerResponse): void {
    const found = place.exec(document);
    if (found) this.stopped += 1;
    const first = found ? found.index + found[0].length : document.length;
    response.write(document.slice(0, first));
    this.goOn = () => response.end(document.slice(first));
  }
}
