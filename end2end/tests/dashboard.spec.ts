// Banner and wizard inside somebody else's dashboard: its own addresses, look and log-in.

import type { Page } from '@playwright/test';
import { dashboardProgram } from '../support/places.js';
import { Program } from '../support/program.js';
import { banner, Dialog, live, Wizard } from '../support/screens.js';
import { Sim } from '../support/sim.js';
import { test as base, expect } from '../support/test.js';

const test = base.extend<{ meta: Sim }, { dashboard: Program }>({
  dashboard: [
    async ({}, use) => {
      const dashboard = await Program.start({ program: dashboardProgram, ready: /^The dashboard is ready: / });
      await use(dashboard);
      expect(await dashboard.stop()).toBe(0);
    },
    { scope: 'worker' },
  ],
  meta: async ({ dashboard }, use) => {
    const meta = new Sim(dashboard);
    await meta.reset();
    await use(meta);
  },
});

async function enter(page: Page, person: 'Ana, administradora' | 'Bruno, atendente'): Promise<void> {
  await page.goto('/inbox');
  await expect(page).toHaveURL(/\/enter$/);
  await page.getByRole('button', { name: person }).click();
  await expect(page.getByRole('link', { name: 'Atlas' })).toBeVisible();
}

test('the whole renewal in the host’s own pages', async ({ desk, dashboard, meta: _ }) => {
  const { page, context, api } = await desk(undefined, { at: dashboard });
  await enter(page, 'Ana, administradora');
  const other = await context.newPage();
  await other.goto('/inbox');
  await live(other);
  await expect(banner(other)).toHaveAttribute('data-count', '2');

  await expect(banner(page)).toContainText('2 conexões precisam de você');
  await banner(page).getByRole('button', { name: 'Alterar permissões' }).click();
  await expect(page).toHaveURL(/\/channels\?connection=/);
  const start = page.getByRole('button', { name: 'Iniciar', exact: true });
  await expect(start).toHaveCount(1);
  await start.click();
  await expect(page).toHaveURL(/\/channels\/renew\/[\w-]+$/);
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await live(page);
  const { id: connection } = await api.connection('Elisa Prado');
  const dialog = await wizard.openMeta();
  await dialog.reconnectAs('Elisa Prado');
  await expect.poll(() => dialog.page.isClosed()).toBe(true);
  await wizard.isAt('accounts', 'accounts');
  await page.reload();
  await live(page);
  await wizard.isAt('accounts', 'accounts');
  await wizard.goOn();
  expect(await api.generation(connection)).toBe(1);
  await wizard.finish();
  expect(await api.generation(connection)).toBe(2);
  await expect(banner(other), 'without a reload').toHaveAttribute('data-count', '1');
  await wizard.button('Concluir').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Painel');
  await expect(banner(page)).toHaveAttribute('data-count', '1');
});

test('the same without JavaScript', async ({ desk, dashboard, meta: _ }) => {
  const { page, api } = await desk(undefined, { at: dashboard, javaScriptEnabled: false });
  await enter(page, 'Ana, administradora');
  await banner(page).getByRole('button', { name: 'Alterar permissões' }).click();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await wizard.button('Entrar com o Facebook').click();
  await new Dialog(page).reconnectAs('Elisa Prado');
  await wizard.isAt('waiting', 'loggedIn');
  await wizard.button('Continuar').click();
  await wizard.isAt('accounts', 'accounts');
  await wizard.goOn();
  await wizard.finish();
  expect((await api.alerts()).items).toHaveLength(1);
});

test('who is not an administrator there sees the state, not the flow', async ({ desk, dashboard, meta, watch }) => {
  watch.allow(/status of 403/);
  const ana = await desk(undefined, { at: dashboard });
  await enter(ana.page, 'Ana, administradora');
  const { id } = await ana.api.renewalAt('started', meta, 'Ana Souza');

  const { page, api } = await desk(undefined, { at: dashboard });
  await enter(page, 'Bruno, atendente');
  await live(page);
  await expect(banner(page).getByRole('button', { name: 'Alterar permissões' })).toHaveCount(0);
  await banner(page).getByRole('button', { name: 'Avisar um administrador' }).click();
  await expect(banner(page)).toContainText('Pedido enviado: os administradores recebem um e-mail.');
  for (const name of ['renewal', 'exchange', 'finish', 'cancel']) {
    expect((await api.send(name, { renewal_id: id })).status(), name).toBe(403);
  }
  expect((await page.goto(`/connect/${id}`))?.status()).toBe(403);
  expect((await page.goto(`/channels/renew/${id}`))?.status()).toBe(403);
  await expect(page.getByRole('alert')).toContainText(/administrador/);
  expect((await ana.api.renewal(id)).state).toBe('started');
});

test('Renova’s own pages and log-in are not there', async ({ desk, dashboard, meta: _, watch }) => {
  watch.allow(/status of 404/);
  const { page, api } = await desk(undefined, { at: dashboard });
  expect((await api.send('alerts')).status()).toBe(401);
  await enter(page, 'Ana, administradora');
  const login = { email: 'ana@aurora.example', password: 'renova-demo' };
  for (const name of ['login', 'logout', 'set_password']) {
    expect((await api.send(name, login)).status(), name).toBe(404);
  }
  for (const path of ['/login', '/integrations/meta']) {
    expect((await page.goto(path))?.status(), path).toBe(404);
  }
});
