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
  pages: { id: string; name: string; instagram: { id: string; username: string } | null }[];
  subscriptions: Record<string, string[]>;
  instagram: { subscriptions: Record<string, string[]> };
}

/** What became of something that the simulated Meta has sent. */
export interface Sent {
  delivered: boolean;
  status: number | null;
  number: number;
  reason?: string;
}

/** Whom a control route is about. */
type Holder = { person: string } | { instagram: string };

export type OpenerPolicy = 'none' | 'same-origin' | 'same-origin-allow-popups' | 'noopener-allow-popups';

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

  /** For people: everything at a glance, with buttons. */
  get startPage(): string {
    return `${this.program.metaUrl}/_sim/`;
  }

  /** Demo data as new on both sides; sessions stay. */
  async reset(): Promise<void> {
    rememberIssued(this.program.dataDir);
    await this.ask('POST', '/reset');
  }

  /** Moves the clock of tokens, renewals and jobs, such as `25h`. */
  async advance(span: string): Promise<void> {
    await this.ask('POST', '/clock', { advance: span });
  }

  /** On to the next time that it is so many hours, UTC: people are told by day. */
  async advanceToHour(hour: number): Promise<void> {
    const { now: milliseconds } = (await this.ask('GET', '/clock')) as { now: number };
    const now = new Date(milliseconds);
    const then = new Date(now);
    then.setUTCHours(hour, 0, 0, 0);
    if (then <= now) then.setUTCDate(then.getUTCDate() + 1);
    await this.advance(`${Math.ceil((then.getTime() - now.getTime()) / 1000)}s`);
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

  async setBusinesses(businesses: object[]): Promise<void> {
    await this.ask('PUT', '/businesses', { businesses });
  }

  /** The header `Cross-Origin-Opener-Policy` of the log-in's pages. */
  async setOpenerPolicy(policy: OpenerPolicy): Promise<void> {
    await this.ask('PUT', '/settings', { opener_policy: policy });
  }

  /** What a Page, or an account of Instagram Login, sends; nothing: unsubscribed. */
  async subscribe(to: { page: string } | { instagram: string }, fields: string[]): Promise<void> {
    await this.ask('PUT', '/subscriptions', { ...to, fields });
  }

  /** What the app as a whole takes of an object, such as `instagram`. */
  async setAppFields(object: string, fields: string[]): Promise<void> {
    await this.ask('PUT', '/app-fields', { object, fields });
  }

  /** The fields of a Page's subscription, by the Page's name. */
  async subscription(page: string): Promise<string[]> {
    const { pages, subscriptions } = await this.world();
    return subscriptions[pages.find(({ name }) => name === page)?.id ?? ''] ?? [];
  }

  /** A password changes: all tokens die. */
  async invalidate(whose: Holder): Promise<void> {
    await this.ask('POST', '/invalidate', whose);
  }

  async event(channel: string, event: string): Promise<Sent> {
    return (await this.ask('POST', '/webhook', { channel, event })) as Sent;
  }

  /** Somebody removes the app, and Meta tells so. */
  async removeApp(whose: Holder): Promise<Sent> {
    return ((await this.ask('POST', '/deauthorize', { ...whose, callback: true })) as { callback: Sent }).callback;
  }

  /** Sends something once more, byte for byte. */
  async replay(number: number): Promise<Sent> {
    return (await this.ask('POST', '/replay', { number })) as Sent;
  }

  /** Somebody wants their data deleted. */
  async askForDeletion(whose: Holder): Promise<Sent & { accepted: boolean; url: string; confirmation_code: string }> {
    return (await this.ask('POST', '/data-deletion', whose)) as Sent & {
      accepted: boolean;
      url: string;
      confirmation_code: string;
    };
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
