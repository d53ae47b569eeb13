// Whatever Meta, the host and the browser say about windows and cookies, a renewal gets through:
// Meta's opener policy × where the wizard stands × the host's opener policy × third-party cookies.
// Pairwise; every cell with RENOVA_CELLS=all. The wait after Meta's redirect is reported.

import type { Page } from '@playwright/test';
import { browserFor, COOKIES, type Cookies } from '../support/cookies.js';
import { HostSite } from '../support/hosts.js';
import { HtmlDashboard, LeptosDashboard } from '../support/hosting.js';
import { EmbeddedWizard } from '../support/embed.js';
import { Messages } from '../support/messages.js';
import { PASSWORD } from '../support/people.js';
import { HEADINGS, Wizard } from '../support/screens.js';
import { type OpenerPolicy, Sim } from '../support/sim.js';
import { test, expect } from '../support/test.js';

const META: OpenerPolicy[] = ['none', 'same-origin', 'same-origin-allow-popups'];
const WHERE = ['first-party', 'element', 'leptos'] as const;
const HOST = ['none', 'same-origin'] as const;

interface Cell {
  meta: OpenerPolicy;
  where: (typeof WHERE)[number];
  host: (typeof HOST)[number];
  cookies: Cookies;
}

const all: Cell[] = META.flatMap((meta) =>
  WHERE.flatMap((where) => HOST.flatMap((host) => COOKIES.map((cookies) => ({ meta, where, host, cookies })))),
);

/** Few cells that hold every pair of two values: greedily, the one that adds most. */
function pairwise(cells: Cell[]): Cell[] {
  const pairs = (cell: Cell) => {
    const values = Object.entries(cell).map(([name, value]) => `${name}=${value}`);
    return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${one}&${other}`));
  };
  const missing = new Set(cells.flatMap(pairs));
  const chosen: Cell[] = [];
  while (missing.size > 0) {
    const news = (cell: Cell) => pairs(cell).filter((pair) => missing.has(pair)).length;
    const best = cells.reduce((one, other) => (news(other) > news(one) ? other : one));
    pairs(best).forEach((pair) => missing.delete(pair));
    chosen.push(best);
  }
  return chosen;
}

for (const cookies of COOKIES) {
  test(`the browser that is told so has third-party cookies ${cookies}`, async () => {
    const sent: string[] = [];
    const third = await HostSite.start(
      {
        '/': ({ headers }) => {
          sent.push(headers.cookie ?? '');
          return { headers: { 'set-cookie': 'seen=1; SameSite=None; Secure' }, body: '<p>A frame</p>' };
        },
      },
      'third.localhost',
    );
    const host = await HostSite.start({ '/': () => ({ body: `<iframe src="${third.origin}/"></iframe>` }) });
    const context = await browserFor(cookies);
    const page = await context.newPage();
    // Set in a frame; kept or not; and once it has been set in a page of its own, sent from a frame.
    for (const address of [host.origin, host.origin, third.origin, host.origin]) await page.goto(`${address}/`);
    expect(sent.slice(0, 2)).toEqual(['', cookies === 'allowed' ? 'seen=1' : '']);
    expect(sent[3]).toBe(cookies === 'allowed' ? 'seen=1' : '');
    // Blocked is what stands in frames, not every cookie.
    await page.goto(`${third.origin}/`);
    expect(sent[4]).toBe('seen=1');
    await context.close();
    await Promise.all([third.stop(), host.stop()]);
  });
}

const cells = process.env.RENOVA_CELLS === 'all' ? all : pairwise(all);
const waits: number[] = [];

/** The first page of a host, which says what the cell wants it to say. */
async function enter(page: Page, origin: string, person: RegExp, host: Cell['host']): Promise<void> {
  const answer = await page.goto(`${origin}/`);
  expect(answer?.headers()['cross-origin-opener-policy'] ?? 'none').toBe(host);
  await page.getByRole('button', { name: person }).click();
}

async function inElement(page: Page, dashboard: HtmlDashboard, { host }: Cell): Promise<number> {
  await enter(page, dashboard.origin, /Clara/, host);
  await page.goto(`${dashboard.origin}/channels`);
  return EmbeddedWizard.of(page).renew('Clara Lima');
}

async function inLeptosHost(page: Page, dashboard: LeptosDashboard, { host }: Cell): Promise<number> {
  await enter(page, dashboard.origin, /Ana/, host);
  await page.goto(`${dashboard.origin}/away`);
  return new EmbeddedWizard(page.context(), page).renew('Elisa Prado');
}

async function firstParty(page: Page, dashboard: HtmlDashboard): Promise<number> {
  await page.goto(`${dashboard.renova.url}/login`);
  await page.getByLabel('E-mail').fill('clara@boreal.example');
  await page.getByLabel('Senha', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await page.getByRole('button', { name: 'Alterar permissões' }).click();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await expect(page.locator('body')).toHaveAttribute('data-hydrated', 'true');
  const dialog = await wizard.openMeta();
  await dialog.logInAs('Clara Lima');
  await dialog.button('Reconectar').click();
  const left = Date.now();
  await expect(wizard.heading).toHaveText(HEADINGS.accounts);
  const wait = Date.now() - left;
  await wizard.goOn();
  await wizard.finish();
  return wait;
}

for (const host of HOST) {
  test.describe(`host ${host}`, () => {
    let dashboard: HtmlDashboard;
    let leptos: LeptosDashboard;
    test.beforeAll(async () => {
      const policy = host === 'none' ? '' : host;
      dashboard = await HtmlDashboard.start(policy);
      leptos = await LeptosDashboard.start(policy);
    });
    test.afterAll(async () => {
      expect(await dashboard.stop()).toBe(0);
      expect(await leptos.stop()).toBe(0);
    });
    for (const cell of cells.filter((it) => it.host === host)) {
      test(`Meta ${cell.meta}, ${cell.where}, third-party cookies ${cell.cookies}`, async () => {
        const sim = new Sim(cell.where === 'leptos' ? leptos.renova : dashboard.renova);
        await sim.reset();
        await sim.setOpenerPolicy(cell.meta);
        const context = await browserFor(cell.cookies);
        const messages = new Messages();
        await messages.over(context);
        const page = await context.newPage();
        if (cell.where === 'leptos') {
          waits.push(await inLeptosHost(page, leptos, cell));
        } else {
          waits.push(await (cell.where === 'element' ? inElement : firstParty)(page, dashboard, cell));
        }
        await context.close();
        const framed = cell.where === 'element' ? [dashboard.origin, dashboard.renova.url] : [];
        expect(new Set(messages.targets)).toEqual(new Set(framed));
      });
    }
  });
}

test.afterAll(() => {
  const sorted = waits.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median !== undefined) console.log(`wait after Meta's redirect: median ${median} ms of ${sorted.join(', ')}`);
});
