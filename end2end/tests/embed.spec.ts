// Elements in the pages of a host of another site, with a session that its back end vouches for.

import type { FrameLocator, Page } from '@playwright/test';
import { HtmlDashboard } from '../support/hosting.js';
import { EmbeddedWizard, embeddedBanner } from '../support/embed.js';
import { Dialog } from '../support/screens.js';
import { Sim } from '../support/sim.js';
import { test as base, expect } from '../support/test.js';

const test = base.extend<{ meta: Sim }, { dashboard: HtmlDashboard }>({
  dashboard: [
    async ({}, use) => {
      const dashboard = await HtmlDashboard.start();
      await use(dashboard);
      expect(await dashboard.stop()).toBe(0);
    },
    { scope: 'worker' },
  ],
  meta: async ({ dashboard, watch }, use) => {
    // Neither the host nor a frame has an icon.
    watch.allow(/favicon\.ico/);
    const meta = new Sim(dashboard.renova);
    await meta.reset();
    await use(meta);
  },
});

async function enter(page: Page, person: RegExp): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: person }).click();
  await expect(page.getByRole('heading', { name: 'Painel' })).toBeVisible();
}

test('banner, dialog, window with a number, Meta, Finalizar: the banner’s count falls without a reload', async ({
  desk,
  dashboard,
  meta: _,
  watch,
}) => {
  const { page, context } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  await enter(page, /Ana/);
  await expect(embeddedBanner(page)).toHaveAttribute('data-count', '2');
  const badge = page.locator('.badge');
  await expect(badge).toHaveText('2');
  await page.evaluate(() => (document.body.dataset.same = 'page'));

  await embeddedBanner(page).getByRole('button', { name: 'Alterar permissões' }).click();
  const dialog = page.getByRole('dialog', { name: 'Renovar conexão' });
  await expect(dialog).toBeVisible();
  const wizard = EmbeddedWizard.of(page);
  await expect(wizard.region.getByRole('heading', { level: 1 })).toHaveText('Renovar Elisa Prado');
  await expect(wizard.button('Iniciar')).toHaveCount(1);
  await wizard.renew('Elisa Prado');
  await expect(badge).toHaveText('1');
  await expect(embeddedBanner(page)).toHaveAttribute('data-count', '1');
  await wizard.button('Concluir').click();
  await expect(dialog).toHaveCount(0);
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('page');

  expect(new Set(watch.messages.targets)).toEqual(new Set([dashboard.origin, dashboard.renova.url]));
  const cookies = await context.cookies(dashboard.renova.url);
  // The one of the log-in's own window, which is first-party there.
  expect(cookies.map(({ name }) => name).filter((name) => name !== 'renova_login')).toEqual([]);
});

test('by the keyboard alone, from the banner into the wizard', async ({ desk, dashboard, meta: _ }) => {
  const { page } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  await enter(page, /Clara/);
  const renew = embeddedBanner(page).getByRole('button', { name: 'Alterar permissões' });
  await expect(renew).toBeVisible();
  for (let pressed = 0; pressed < 12 && !(await focused(renew)); pressed += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const start = EmbeddedWizard.of(page).button('Iniciar');
  await expect(start).toBeVisible();
  for (let pressed = 0; pressed < 12 && !(await focused(start)); pressed += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(EmbeddedWizard.of(page).heading).toHaveText('Entre com o Facebook');
  await page.keyboard.press('Escape');
});

async function focused(button: import('@playwright/test').Locator): Promise<boolean> {
  return button.evaluate((it) => it === document.activeElement);
}

test('somebody who is not an administrator asks one', async ({ desk, dashboard, meta: _ }) => {
  const { page } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  await enter(page, /Bruno/);
  await expect(embeddedBanner(page).getByRole('button', { name: 'Alterar permissões' })).toHaveCount(0);
  await embeddedBanner(page).getByRole('button', { name: 'Avisar um administrador' }).click();
  await expect(embeddedBanner(page)).toContainText('Pedido enviado');
});

test('at 320 px nothing is cut off, and the frame is as high as its content', async ({ desk, dashboard, meta: _ }) => {
  const { page } = await desk(undefined, {
    at: dashboard.renova,
    baseURL: dashboard.origin,
    viewport: { width: 320, height: 640 },
  });
  await enter(page, /Ana/);
  await expect(embeddedBanner(page)).toBeVisible();
  await page.goto('/channels');
  await expect(EmbeddedWizard.of(page).button('Iniciar')).toBeVisible();
  const root = page.frameLocator('renova-wizard > iframe').locator('html');
  // The frame says how high it is after it has drawn itself: until then the host gives it less.
  const cutOff = () => root.evaluate((it) => it.scrollHeight - it.clientHeight);
  await expect.poll(cutOff).toBeLessThanOrEqual(1);
  expect(await root.evaluate((it) => it.scrollWidth - it.clientWidth)).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('a wrong number ends the attempt, and another one can be made', async ({ desk, dashboard, meta: _, watch }) => {
  watch.allow(/status of 4\d\d/);
  const { page } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  await enter(page, /Clara/);
  await page.goto('/channels');
  const wizard = EmbeddedWizard.of(page);
  await wizard.button('Iniciar').click();
  const window = await wizard.opened();
  const right = await wizard.number();
  const numbers = window.locator('button[name=number]');
  await expect(numbers).toHaveCount(3);
  const all = await numbers.allInnerTexts();
  await window.getByRole('button', { name: all.find((it) => it !== right)!, exact: true }).click();
  await expect(numbers).toHaveCount(0);
  await window.close();
  const dialog = await wizard.openMeta('Abrir de novo');
  await dialog.reconnectAs('Clara Lima');
  await wizard.isAt('accounts', 'accounts');
});

test('Abrir nesta aba: the whole tab goes to Meta, and comes back to the host’s page at this step', async ({
  desk,
  dashboard,
  meta: _,
}) => {
  const { page, context } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  // No window opens; the tab itself is no window.
  await context.addInitScript(() => {
    const open = window.open.bind(window);
    window.open = (address, target, how) => (target === '_top' ? open(address, target, how) : null);
  });
  await enter(page, /Clara/);
  await page.goto('/channels');
  const wizard = EmbeddedWizard.of(page);
  await wizard.button('Iniciar').click();
  await wizard.button('Entrar com o Facebook').click();
  await wizard.button('Abrir nesta aba').click();
  await expect(page).toHaveURL(new RegExp(`^${dashboard.renova.url}/connect/`));
  await page.getByRole('button', { name: 'Continuar', exact: true }).click();
  await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/www\//);
  await new Dialog(page).reconnectAs('Clara Lima');
  // Without the fragment that Facebook ends its addresses with.
  await expect(page).toHaveURL(`${dashboard.origin}/channels#`);
  await wizard.isAt('accounts', 'accounts');
  await wizard.button('Continuar').click();
  await wizard.isAt('proof', 'proof');
  await wizard.finish();
});

test('nowhere inside the host is somebody named whom its people do not know', async ({ desk, dashboard, meta: _ }) => {
  const { page, context } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  const isUnnamed = async (place: FrameLocator | Page) => {
    const title = await place.locator('html').evaluate(() => document.title);
    expect(`${title} ${await place.locator('body').innerText()}`).not.toMatch(/\bRenova\b/i);
    await expect(place.locator('.brand')).toHaveCount(0);
  };
  await enter(page, /Clara/);
  await expect(embeddedBanner(page)).toBeVisible();
  await isUnnamed(page.frameLocator('renova-banner > iframe'));
  await page.goto('/channels');
  const wizard = EmbeddedWizard.of(page);
  const frame = page.frameLocator('renova-wizard > iframe');
  await expect(wizard.button('Iniciar')).toBeVisible();
  await isUnnamed(frame);
  await wizard.button('Iniciar').click();
  await wizard.isAt('logIn', 'start');
  await isUnnamed(frame);
  const opened = context.waitForEvent('page');
  await wizard.button('Entrar com o Facebook').click();
  const window = await opened;
  const number = window.getByRole('button', { name: await wizard.number(), exact: true });
  await expect(number).toBeVisible();
  await isUnnamed(window);
  await isUnnamed(frame);
  await number.click();
  await new Dialog(window).reconnectAs('Clara Lima');
  await wizard.isAt('accounts', 'accounts');
  await isUnnamed(frame);
  await wizard.button('Continuar').click();
  await wizard.isAt('proof', 'proof');
  await isUnnamed(frame);
  await wizard.finish();
  await isUnnamed(frame);
});

test('the platform’s own name stands above the wizard, and the banner is without one', async ({ desk, watch }) => {
  watch.allow(/favicon\.ico/);
  const dashboard = await HtmlDashboard.start('', { RENOVA_BRAND_NAME: 'Maré Conecta' });
  const { page } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  await enter(page, /Clara/);
  await expect(embeddedBanner(page)).toBeVisible();
  await expect(page.frameLocator('renova-banner > iframe').locator('.brand')).toHaveCount(0);
  await page.goto('/channels');
  const frame = page.frameLocator('renova-wizard > iframe');
  await expect(EmbeddedWizard.of(page).button('Iniciar')).toBeVisible();
  await expect(frame.locator('.brand')).toHaveText('Maré Conecta');
  const size = () => frame.locator('html').evaluate((it) => it.scrollHeight - it.clientHeight);
  await expect.poll(size).toBeLessThanOrEqual(1);
  const [brand, heading] = [frame.locator('.brand'), frame.getByRole('heading', { level: 1 })];
  expect((await brand.boundingBox())!.y).toBeLessThan((await heading.boundingBox())!.y);
  await page.close();
  expect(await dashboard.stop()).toBe(0);
});

test('languages and looks change while it is there', async ({ desk, dashboard, meta: _ }) => {
  const { page } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  await enter(page, /Ana/);
  await page.goto('/channels');
  const place = page.frameLocator('renova-wizard > iframe');
  await expect(place.getByRole('heading', { level: 1 })).toHaveText(/^Renovar /);
  await page.evaluate(() =>
    (document.querySelector('renova-wizard') as unknown as { update(changes: object): void }).update({
      locale: 'es',
      theme: 'dark',
      appearance: { '--action': 'rgb(10, 20, 30)', '--evil': 'red' },
    }),
  );
  await expect(place.getByText('Antes de empezar')).toBeVisible();
  await expect(place.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(place.locator('html')).toHaveAttribute('lang', 'es');
  await expect(place.getByRole('button', { name: 'Iniciar', exact: true })).toHaveCSS(
    'background-color',
    'rgb(10, 20, 30)',
  );
  expect(await place.locator('html').evaluate((it) => it.style.getPropertyValue('--evil'))).toBe('');
});
