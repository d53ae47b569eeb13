// `test` with a Renova of its own in each worker, and pages that belong to somebody.

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  test as base,
  expect,
} from '@playwright/test';
import { Api } from './api.js';
import { PASSWORD, PEOPLE, type Who } from './people.js';
import { renovaProgram } from './places.js';
import { Program, type Start } from './program.js';
import { rememberCookies } from './secrets.js';
import { Sim } from './sim.js';
import { Watch } from './watch.js';

type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Somebody's browser. */
export interface Desk {
  page: Page;
  context: BrowserContext;
  api: Api;
}

interface ForWorker {
  renova: Program;
  /** Logs everybody in at most once. */
  session: (who: Who) => Promise<Session>;
}

export interface DeskOptions extends BrowserContextOptions {
  /** Another Renova than the worker's; nobody is signed in there. */
  at?: Program;
}

interface ForTest {
  sim: Sim;
  watch: Watch;
  /** Starts one more Renova, for tests that end it or change who is there. */
  another: (how?: Partial<Start>) => Promise<Program>;
  /** A browser of one's own: signed in as somebody, or as nobody. */
  desk: (who?: Who, options?: DeskOptions) => Promise<Desk>;
}

/** What `renova demo` prints once it answers. */
const READY = /^Renova is ready: /;
const DEMO: Start = { program: renovaProgram, args: ['demo'], ready: READY };

export async function logIn(page: Page, who: Who): Promise<void> {
  await page.getByLabel('E-mail').fill(PEOPLE[who].email);
  await page.getByLabel('Senha', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
}

async function sessionOf(browser: Browser, renova: Program, who: Who): Promise<Session> {
  const context = await browser.newContext({ baseURL: renova.url });
  const answer = await new Api(renova, context).send('login', { email: PEOPLE[who].email, password: PASSWORD });
  expect(answer.status(), await answer.text()).toBe(200);
  await rememberCookies(context);
  const session = await context.storageState();
  await context.close();
  return session;
}

export const test = base.extend<ForTest, ForWorker>({
  renova: [
    async ({}, use) => {
      const renova = await Program.start(DEMO);
      await use(renova);
      expect(await renova.stop(), 'it ends in order').toBe(0);
    },
    { scope: 'worker' },
  ],

  session: [
    async ({ renova, browser }, use) => {
      const sessions = new Map<Who, Promise<Session>>();
      await use((who) => {
        const session = sessions.get(who) ?? sessionOf(browser, renova, who);
        sessions.set(who, session);
        return session;
      });
    },
    { scope: 'worker' },
  ],

  sim: async ({ renova }, use) => {
    const sim = new Sim(renova);
    await sim.reset();
    await use(sim);
  },

  watch: [
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      expect(watch.problems(), 'the console and the policy are quiet').toEqual([]);
    },
    { auto: true },
  ],

  another: async ({}, use) => {
    const started: Program[] = [];
    await use(async (how) => {
      const program = await Program.start({ ...DEMO, ...how });
      started.push(program);
      return program;
    });
    for (const program of started) expect(await program.stop(), 'it ends in order').toBe(0);
  },

  // The first two are named so that everybody sits down at fresh data, and leaves before a server does.
  desk: async ({ sim: _, another: __, renova, session, browser, watch }, use) => {
    const desks: [BrowserContext, Program][] = [];
    await use(async (who, { at = renova, ...options } = {}) => {
      const context = await browser.newContext({
        baseURL: at.url,
        ...(who && { storageState: await session(who) }),
        ...options,
      });
      desks.push([context, at]);
      await watch.over(context, at.url);
      return { context, page: await context.newPage(), api: new Api(at, context) };
    });
    for (const [context, at] of desks) await watch.leave(context, at.url);
  },
});

export { expect };
