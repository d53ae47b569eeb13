// Pictures of every screen: `npm run screens -- FOLDER` (docs/screenshots otherwise). Each in light and dark, wide and
// at 320 px; the two for the README are called overview.png and wizard.png.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { browser as launch } from './playwright.config.js';
import { Api } from './support/api.js';
import { PASSWORD, PEOPLE, type Who } from './support/people.js';
import { renovaProgram } from './support/places.js';
import { Program } from './support/program.js';
import { Sim } from './support/sim.js';

const folder = resolve(process.argv[2] ?? '../docs/screenshots');
const WIDE = { width: 1200, height: 800 };
const NARROW = { width: 320, height: 640 };

mkdirSync(folder, { recursive: true });
const renova = await Program.start({ program: renovaProgram, args: ['demo'], ready: /^Renova is ready: / });
const sim = new Sim(renova);
const browser = await chromium.launch(launch);

interface Visit {
  page: Page;
  api: Api;
}

async function visit(who?: Who): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: renova.url,
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    reducedMotion: 'reduce',
    viewport: WIDE,
  });
  const api = new Api(renova, context);
  if (who) await api.send('login', { email: PEOPLE[who].email, password: PASSWORD });
  return { page: await context.newPage(), api };
}

async function picture(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('body[data-hydrated]').waitFor();
  for (const [size, viewport] of [['wide', WIDE], ['320', NARROW]] as const) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

const nobody = await visit();
await picture(nobody.page, 'login', '/login');

const agent = await visit('bruno');
await picture(agent.page, 'agent', '/');
await picture(agent.page, 'forbidden', '/integrations/meta');

const { page, api } = await visit('ana');
await picture(page, 'overview', '/');
await page.screenshot({ path: join(folder, 'overview.png') });
await picture(page, 'integration', '/integrations/meta');
await picture(page, 'settings', '/settings');
await picture(page, 'settings-refused', '/settings?field=time_zone&time_zone=Brasil&locale=en&error=invalid');
await picture(page, 'audit', '/settings/audit');
await picture(page, 'components', '/dev/components');
await picture(page, 'review', '/review');
await picture(page, 'connection', `/connections/${(await api.connection('Ana Souza')).id}`);

const wizard = (id: string) => `/integrations/meta/renewals/${id}`;
const { id } = await api.renewalAt('started', sim, 'Elisa Prado');
await picture(page, 'wizard-3-log-in', wizard(id));
// A dialog that is opened elsewhere: the wizard waits.
await page.context().request.get(`${renova.url}/connect/${id}?in=popup`);
await picture(page, 'wizard-4-waiting', wizard(id));
await api.logInAtMeta(id, sim, 'Elisa Prado');
const { accounts } = await api.step('exchange', id);
await picture(page, 'wizard-5-accounts', wizard(id));
await page.screenshot({ path: join(folder, 'wizard.png') });
await api.choose(id, accounts.map(({ value }) => value));
await api.step('prove', id);
await picture(page, 'wizard-6-proof', wizard(id));
await api.step('finish', id);
await picture(page, 'wizard-done', wizard(id));

await browser.close();
await renova.stop();
console.log(`pictures are in ${folder}`);
