// The server functions, called as the page calls them.

import { type APIRequestContext, type APIResponse, type BrowserContext, expect } from '@playwright/test';
import type { Program } from './program.js';
import { remember } from './secrets.js';
import type { Sim } from './sim.js';

export interface RenewalView {
  id: string;
  connection_id: string | null;
  version: number;
  state: string;
  step: number;
  problem: { code: string } | null;
  person: string | null;
  accounts: { value: string; name: string; handle: string | null; selected: boolean; change: string }[];
  proof: { item: string; verdict: string }[];
  may_finish: boolean;
}

export interface Alerts {
  may_renew: boolean;
  items: { connection_id: string; level: string; account: string; unfinished_renewal: string | null }[];
}

export interface Channel {
  id: string;
  name: string;
  handle: string | null;
  status: string;
  story_mentions: boolean;
  story_replies: boolean;
}

export interface Card {
  id: string;
  name: string;
  status: string;
  channels: Channel[];
  open_renewal: { id: string; only_finish_missing: boolean; other_owner: string | null } | null;
}

interface Detail {
  card: Card;
  facts: [string, string][];
  history: { text: string }[];
}

/** Fields of a form; a list is one field several times. */
export type Form = Record<string, string | string[]>;

const FORM = 'application/x-www-form-urlencoded';

/** What the dialog asks for with plain Facebook Login. */
const PERMISSIONS = [
  'pages_show_list',
  'pages_messaging',
  'pages_manage_metadata',
  'pages_read_engagement',
  'instagram_basic',
  'instagram_manage_messages',
  'business_management',
];

function encoded(form: Form): string {
  const fields = Object.entries(form).flatMap(([key, value]) => [value].flat().map((one) => [key, one]));
  return new URLSearchParams(fields).toString();
}

export class Api {
  private readonly request: APIRequestContext;

  /** Speaks with the cookies of `context`. */
  constructor(
    private readonly program: Program,
    context: BrowserContext,
  ) {
    this.request = context.request;
  }

  /** Any function, without judging its answer. */
  async send(name: string, form: Form = {}, headers: Record<string, string> = {}): Promise<APIResponse> {
    return this.request.post(`${this.program.url}/api/ui/${name}`, {
      data: encoded(form),
      headers: {
        'content-type': FORM,
        accept: 'application/json',
        origin: this.program.url,
        ...headers,
      },
      maxRedirects: 0,
    });
  }

  async alerts(): Promise<Alerts> {
    return (await this.good('alerts')) as Alerts;
  }

  async renewal(id: string): Promise<RenewalView> {
    return (await this.good('renewal', { renewal_id: id })) as RenewalView;
  }

  /** *Iniciar*: the id of the open renewal, of a new one otherwise. */
  async start(connection?: string): Promise<string> {
    return (await this.good('start_renewal', connection ? { connection_id: connection } : {})) as string;
  }

  async step(name: 'exchange' | 'hand_over' | 'prove' | 'finish' | 'cancel', id: string): Promise<RenewalView> {
    return (await this.good(name, { renewal_id: id })) as RenewalView;
  }

  async choose(id: string, accounts: string[], lossConfirmed = false): Promise<RenewalView> {
    return (await this.good('choose', {
      renewal_id: id,
      'accounts[]': accounts,
      loss_confirmed: String(lossConfirmed),
    })) as RenewalView;
  }

  async page(request: unknown): Promise<APIResponse> {
    return this.request.post(`${this.program.url}/api/ui/page`, {
      data: { request },
      headers: { origin: this.program.url, accept: 'application/json' },
    });
  }

  /** All connections of the organization, the most urgent first. */
  async connections(): Promise<Card[]> {
    const { page } = await (await this.page({ Overview: {} })).json();
    return page.Overview.connections;
  }

  async connection(name: string): Promise<Card> {
    const found = (await this.connections()).find((card) => card.name === name);
    if (!found) throw new Error(`there is no connection of ${name}`);
    return found;
  }

  async detail(connection: string): Promise<Detail> {
    const { page } = await (await this.page({ Connection: { connection_id: connection } })).json();
    return page.Connection;
  }

  /** How often the connection's token has been replaced: 1 is the first. */
  async generation(connection: string): Promise<number> {
    const { facts } = await this.detail(connection);
    return Number(facts.find(([name]) => name === 'Geração do token')?.[1]);
  }

  /** A log-in at Meta without looking at it: the renewal then holds a parked code. */
  async logInAtMeta(renewal: string, sim: Sim, person: string): Promise<void> {
    await this.thereAndBack(renewal, sim, person, { sim_do: 'reconnect' });
  }

  /** The same with a choice of Pages and the accounts linked to them, and all permissions but `without`. */
  async grantAtMeta(
    renewal: string,
    sim: Sim,
    person: string,
    pages: string[],
    without: string[] = [],
  ): Promise<void> {
    await this.thereAndBack(renewal, sim, person, await this.granting(sim, pages, without));
  }

  /** Goes to Meta's log-in, and cancels there. */
  async cancelAtMeta(renewal: string, sim: Sim, person: string): Promise<void> {
    await this.thereAndBack(renewal, sim, person, { sim_do: 'cancel' });
  }

  /** Goes to Meta's log-in, and stays there. */
  async waitAtMeta(renewal: string): Promise<void> {
    expect((await this.toMeta(renewal)).status()).toBe(200);
  }

  /** The choices of Meta's dialog as one form. */
  async granting(sim: Sim, pages: string[], without: string[] = []): Promise<Form> {
    const chosen = (await sim.world()).pages.filter(({ name }) => pages.includes(name));
    return {
      sim_do: 'finish',
      sim_pages: chosen.map(({ id }) => id).join(','),
      sim_ig: chosen.flatMap(({ instagram }) => instagram?.id ?? []).join(','),
      sim_perm: PERMISSIONS.filter((permission) => !without.includes(permission)),
    };
  }

  /** Goes to Meta's log-in, and does this there as this person. The last status of ours, whatever it is. */
  async tripToMeta(renewal: string, sim: Sim, person?: string, form: Form = {}): Promise<number> {
    const dialog = await this.toMeta(renewal);
    if (!person || this.isOurs(dialog)) return dialog.status();
    return (await this.act(dialog, sim, person, form)).status();
  }

  /** All that Meta granted stays, and the proof is asked for. */
  async proveAll(renewal: string): Promise<RenewalView> {
    const { accounts } = await this.renewal(renewal);
    await this.choose(renewal, accounts.filter(({ selected }) => selected).map(({ value }) => value));
    return this.step('prove', renewal);
  }

  private isOurs(answer: APIResponse): boolean {
    return new URL(answer.url()).origin === this.program.url;
  }

  /** Where `/connect` leads: Meta's dialog, or a page of ours that says why not. */
  private async toMeta(renewal: string): Promise<APIResponse> {
    const answer = await this.request.get(`${this.program.url}/connect/${renewal}?in=tab`);
    remember(new URL(answer.url()).searchParams.get('state') ?? '');
    return answer;
  }

  private async thereAndBack(renewal: string, sim: Sim, person: string, form: Form): Promise<void> {
    const dialog = await this.toMeta(renewal);
    expect(dialog.status(), await dialog.text()).toBe(200);
    const back = await this.act(dialog, sim, person, form);
    expect(this.isOurs(back), 'the person comes straight back').toBe(true);
  }

  /** Logs in at Meta's dialog, and sends it one form. */
  private async act(dialog: APIResponse, sim: Sim, person: string, form: Form): Promise<APIResponse> {
    const { pathname, search } = new URL(dialog.url());
    const send = (fields: Form) =>
      this.request.post(`${this.program.metaUrl}${pathname}`, {
        data: encoded({ sim_query: search.slice(1), ...fields }),
        headers: { 'accept-language': 'pt-BR', 'content-type': FORM },
      });
    await send({ sim_person: await sim.person(person) });
    return send(form);
  }

  /** A renewal of this person's connection, led to a state. */
  async renewalAt(state: 'started' | 'logged_in' | 'exchanged' | 'proved' | 'finished', sim: Sim, person: string) {
    const connection = (await this.connection(person)).id;
    const id = await this.start(connection);
    if (state === 'started') return { id, connection };
    await this.logInAtMeta(id, sim, person);
    if (state === 'logged_in') return { id, connection };
    await this.step('exchange', id);
    if (state === 'exchanged') return { id, connection };
    await this.proveAll(id);
    if (state === 'finished') await this.step('finish', id);
    expect((await this.renewal(id)).state).toBe(state);
    return { id, connection };
  }

  private async good(name: string, form: Form = {}): Promise<unknown> {
    const answer = await this.send(name, form);
    expect(answer.status(), `${name}: ${await answer.text()}`).toBe(200);
    return answer.json();
  }
}
