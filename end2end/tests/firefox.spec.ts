// The embedded wizard in another browser: Debian's Firefox, which keeps apart what each site stores. From
// banner to *Pronto*, in a host of another site.

import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { takesClicks } from '../support/embed.js';
import { HtmlDashboard } from '../support/hosting.js';
import { HEADINGS } from '../support/screens.js';
import { expect, test as base } from '../support/test.js';

const test = base.extend<{ firefox: Browser; dashboard: HtmlDashboard }>({
  firefox: async ({}, use) => {
    const firefox = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.RENOVA_FIREFOX || '/usr/bin/firefox-esr',
      extraPrefsFirefox: { 'intl.accept_languages': 'pt-BR', 'intl.locale.requested': 'pt-BR' },
    });
    await use(firefox);
    await firefox.close();
  },
  dashboard: async ({}, use) => {
    const dashboard = await HtmlDashboard.start();
    await use(dashboard);
    expect(await dashboard.stop()).toBe(0);
  },
});

/** The button, once it is there; by its accessible name. */
function press(place: Page | Frame, name: string): Promise<void> {
  return place.locator(`::-p-aria([name="${name}"][role="button"])`).click();
}

async function says(place: Page | Frame, text: string): Promise<void> {
  await place.waitForSelector(`::-p-text(${text})`);
}

async function frameOf(page: Page, element: string): Promise<Frame> {
  const frame = await page.waitForSelector(`${element} > iframe`);
  return (await frame!.contentFrame())!;
}

test('Firefox: banner, dialog, window with a number, Meta, Finalizar', async ({ firefox, dashboard }) => {
  test.setTimeout(120_000);
  const page = await firefox.newPage();
  await page.goto(`${dashboard.origin}/`);
  await press(page, 'Clara, administradora do Café Boreal');
  await press(await frameOf(page, 'renova-banner'), 'Alterar permissões');
  const wizard = await frameOf(page, 'renova-wizard');
  await press(wizard, 'Iniciar');
  const opened = new Promise<Page>((found) => {
    firefox.once('targetcreated', (target) => void target.page().then((it) => it && found(it)));
  });
  await press(wizard, 'Entrar com o Facebook');
  const number = await wizard.waitForSelector('.login-number strong');
  const login = await opened;
  await press(login, (await number!.evaluate((it) => it.textContent)) ?? '');
  await press(login, 'Clara Lima');
  await press(login, 'Reconectar');
  await says(wizard, HEADINGS.accounts);
  await press(wizard, 'Continuar');
  await says(wizard, HEADINGS.proof);
  const finish = (await wizard.waitForSelector('[data-state=proved] .is-primary'))!;
  await finish.scrollIntoView();
  await wizard.waitForFunction(takesClicks, {}, finish);
  await finish.click();
  await says(wizard, HEADINGS.done);
});
