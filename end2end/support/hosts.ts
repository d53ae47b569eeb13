// Somebody else's site: a page and what its own back end answers, at http://NAME.localhost:PORT.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body: string | Uint8Array;
}

export type Routes = Record<string, (request: IncomingMessage) => Answer | Promise<Answer>>;

export class HostSite {
  private constructor(
    private readonly server: Server,
    private readonly name: string,
  ) {}

  /** Paths without a route answer 404. */
  static async start(routes: Routes, name = 'host.localhost'): Promise<HostSite> {
    const server = createServer((request, response) => void answer(routes, request, response));
    await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
    return new HostSite(server, name);
  }

  get origin(): string {
    return this.at(this.name);
  }

  /** The same site under another name. */
  at(name: string): string {
    return `http://${name}:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://host');
  const route = routes[pathname];
  const { status = 200, type = 'text/html; charset=utf-8', headers = {}, body } = route
    ? await route(request)
    : { status: 404, body: 'Not found' };
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body);
}
