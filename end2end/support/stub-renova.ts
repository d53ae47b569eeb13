// The built frame with answers that a test makes up: what the real server hardly gives on demand.

import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Answer, HostSite, type Routes } from './hosts.js';
import { root } from './places.js';

const site = join(root, 'target/site/embed');

interface Manifest {
  js: string;
  wasm: string;
  css: string;
  boot: string;
  snippets: string[];
  files: Record<string, string>;
}

export interface Call {
  name: string;
  locale: string | null;
  bearer: string;
  fields: URLSearchParams;
}

/** Answers one function; a status other than 200 with `[status, value]`. */
export type Functions = Record<string, (call: Call) => unknown>;

export class StubRenova {
  readonly calls: Call[] = [];
  /** How often a token has been redeemed. */
  redeemed: unknown[] = [];
  /** Seconds that a session has. */
  life = 600;
  /** Who may frame it, where that is not the host alone. */
  ancestors = '';

  private constructor(
    readonly functions: Functions,
    private readonly origins: () => string,
  ) {}

  static async start(functions: Functions, origins: () => string): Promise<[StubRenova, HostSite]> {
    const stub = new StubRenova(functions, origins);
    return [stub, await HostSite.start(stub.routes(), 'renova.localhost')];
  }

  private routes(): Routes {
    const manifest = JSON.parse(readFileSync(join(site, 'manifest.json'), 'utf8')) as Manifest;
    const file = (name: string, type: string) => () => ({
      type,
      headers: { 'access-control-allow-origin': '*' },
      body: readFileSync(join(site, name)),
    });
    const routes: Routes = {
      '/embed/renova.js': () => ({
        type: 'text/javascript',
        headers: { 'access-control-allow-origin': '*' },
        body: readFileSync(join(root, 'public/embed/renova.js')),
      }),
      [`/pkg/${manifest.js}`]: file(manifest.js, 'text/javascript'),
      [`/pkg/${manifest.boot}`]: file(manifest.boot, 'text/javascript'),
      [`/pkg/${manifest.css}`]: file(manifest.css, 'text/css'),
      [`/pkg/${manifest.wasm}`]: file(manifest.wasm, 'application/wasm'),
      '/embed/org/banner': (request) => this.frame('banner', request, manifest),
      '/embed/org/wizard': (request) => this.frame('wizard', request, manifest),
      '/embed/api/redeem': async (request) => this.redeem(JSON.parse(await text(request))),
    };
    for (const name of manifest.snippets) routes[`/pkg/${name}`] = file(name, 'text/javascript');
    for (const name of Object.keys(this.functions)) {
      routes[`/embed/api/${name}`] = async (request) => this.call(name, request);
    }
    return routes;
  }

  private frame(kind: string, request: IncomingMessage, { boot, css }: Manifest): Answer {
    const { searchParams } = new URL(request.url ?? '', 'http://stub');
    const policy =
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
      `connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors ${this.ancestors || this.origins()}`;
    return {
      headers: { 'content-security-policy': policy },
      body: `<!doctype html><html lang="pt-BR" data-theme="${searchParams.get('theme')}"><head><meta charset="utf-8">
        <title>frame</title><link rel="stylesheet" href="/pkg/${css}"><script type="module" src="/pkg/${boot}"></script>
        </head><body data-embed="${kind}" data-embed-id="org" data-origins="${this.origins()}">
        <main id="renova-embed"></main></body></html>`,
    };
  }

  private redeem(body: unknown): Answer {
    this.redeemed.push(body);
    const session = {
      bearer: `ef_${this.redeemed.length}`,
      expires_at: '2026-11-30T12:00:00Z',
      expires_in: this.life,
      locale: 'pt-BR',
      role: 'admin',
      brand: null,
    };
    return { type: 'application/json', body: JSON.stringify(session) };
  }

  private async call(name: string, request: IncomingMessage): Promise<Answer> {
    const { searchParams } = new URL(request.url ?? '', 'http://stub');
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const call = { name, locale: searchParams.get('locale'), bearer, fields: new URLSearchParams(await text(request)) };
    this.calls.push(call);
    const value = this.functions[name]!(call);
    const [status, body] = Array.isArray(value) && typeof value[0] === 'number' ? value : [200, value];
    return { status, type: 'application/json', body: JSON.stringify(body ?? null) };
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += part;
  return body;
}
