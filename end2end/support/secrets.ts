// Every secret that a run learns of, for the search that follows it.

import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';

const list = process.env.RENOVA_CANARIES;
const known = new Set<string>();

interface Issued {
  tokens?: object;
  codes?: object;
}

/** Takes secrets down, each once. */
export function remember(...secrets: string[]): void {
  const fresh = secrets.filter((secret) => secret.length >= 8 && !known.has(secret));
  fresh.forEach((secret) => known.add(secret));
  if (list && fresh.length > 0) appendFileSync(list, `${fresh.join('\n')}\n`);
}

/** Tokens and codes that the simulated Meta has issued; it keeps them in the open. */
export function rememberIssued(dataDir: string): void {
  const file = join(dataDir, 'sim.json');
  if (!existsSync(file)) return;
  const state = JSON.parse(readFileSync(file, 'utf8')) as Issued & { instagram?: Issued };
  const keys = ({ tokens = {}, codes = {} }: Issued) => [...Object.keys(tokens), ...Object.keys(codes)];
  remember('sim-app-secret', 'sim-instagram-secret', ...keys(state), ...keys(state.instagram ?? {}));
}

/** Removes the two files that hold secrets because that is their purpose. */
export function takeAway(dataDir: string): void {
  rememberIssued(dataDir);
  const key = join(dataDir, 'key');
  if (existsSync(key)) remember(...readFileSync(key, 'utf8').trim().split(':').slice(1));
  rmSync(key, { force: true });
  rmSync(join(dataDir, 'sim.json'), { force: true });
}

/** Cookies that open or bind something. */
export async function rememberCookies(context: BrowserContext): Promise<void> {
  const cookies = await context.cookies();
  remember(...cookies.filter(({ name }) => !name.startsWith('sim_')).map(({ value }) => value));
}

/** The code and the state in an address that Meta sends the browser to. */
export function rememberAddress(address: string): void {
  if (!address.includes('/oauth/')) return;
  const query = new URL(address).searchParams;
  remember(query.get('code') ?? '', query.get('state') ?? '');
}
