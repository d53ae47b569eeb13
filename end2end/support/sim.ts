// The control routes of the simulated Meta.

import { rememberIssued } from './secrets.js';
import type { Program } from './program.js';

export interface Call {
  host: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: Record<string, string>;
  status: number | null;
}

interface World {
  people: { id: string; name: string }[];
  pages: { id: string; name: string }[];
  subscriptions: Record<string, string[]>;
}

/** How Meta fails; see the simulator's page at `/_sim/`. */
export interface Fault {
  on: string;
  method?: string;
  fault: string;
  times?: number;
  delay_ms?: number;
  code?: number;
  subcode?: number;
}

export class Sim {
  constructor(private readonly program: Program) {}

  /** Demo data as new on both sides; sessions stay. */
  async reset(): Promise<void> {
    rememberIssued(this.program.dataDir);
    await this.ask('POST', '/reset');
  }

  /** Moves the clock of tokens, renewals and jobs, such as `25h`. */
  async advance(span: string): Promise<void> {
    await this.ask('POST', '/clock', { advance: span });
  }

  async calls(): Promise<Call[]> {
    return (await this.ask('GET', '/calls')) as Call[];
  }

  /** How often a code or token was asked for. */
  async tokenCalls(): Promise<number> {
    return (await this.calls()).filter(({ host, path }) => host === 'graph' && path === '/oauth/access_token').length;
  }

  async fail(fault: Fault): Promise<void> {
    await this.ask('POST', '/faults', fault);
  }

  async repair(): Promise<void> {
    await this.ask('DELETE', '/faults');
  }

  async world(): Promise<World> {
    return (await this.ask('GET', '/world')) as World;
  }

  async person(name: string): Promise<string> {
    const found = (await this.world()).people.find((person) => person.name === name);
    if (!found) throw new Error(`the simulated Meta knows no ${name}`);
    return found.id;
  }

  async setPages(pages: object[]): Promise<void> {
    await this.ask('PUT', '/pages', { pages });
  }

  async setPermission(person: string, permission: string, granted: boolean): Promise<void> {
    await this.ask('PUT', '/permissions', { person, permission, granted });
  }

  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.program.controlUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}
