// Overview and review as lists, the signature below them, and disconnecting one channel.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/test.js';

async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const hasFocus = () => wanted.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 80 && !(await hasFocus()); presses += 1) await page.keyboard.press('Tab');
  await expect(wanted).toBeFocused();
}

const rows = (page: Page) => page.getByRole('table').getByRole('row').filter({ has: page.getByRole('rowheader') });

test.describe('with JavaScript off', () => {
  test('filters stand in the address and in the form', async ({ desk }) => {
    const { page, api } = await desk('ana', { javaScriptEnabled: false });
    const all = await api.connections();
    await page.goto('/');
    await page.getByRole('link', { name: 'Revisão', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Revisão');
    await expect(rows(page)).toHaveCount(all.length);

    await page.goto('/review?q=Ana+Souza&days=90');
    await expect(page.getByLabel('Buscar por nome')).toHaveValue('Ana Souza');
    await expect(page.getByRole('combobox', { name: 'Vencimento' })).toHaveValue('90');
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole('combobox', { name: 'Situação' }).selectOption('healthy');
    await page.getByRole('button', { name: 'Filtrar' }).click();
    await expect(page).toHaveURL(/\?q=Ana\+Souza&state=healthy&days=90$/);
    await expect(page.getByText('Nenhuma conexão encontrada')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Situação' }), 'a link can be kept').toHaveValue('healthy');
    await page.getByRole('button', { name: 'Mostrar todas' }).click();
    await expect(rows(page)).toHaveCount(all.length);
  });

  test('a count leads to what it counts', async ({ desk }) => {
    const { page, api } = await desk('ana', { javaScriptEnabled: false });
    const soon = (await api.connections()).filter((it) => it.status === 'expires_soon').length;
    await page.goto('/');
    await page.getByRole('list', { name: 'Conexões por situação' }).getByRole('link', { name: /vence/ }).click();
    await expect(page).toHaveURL(/\/\?state=soon$/);
    await expect(page.getByRole('article')).toHaveCount(soon);
  });

  test('one channel is disconnected by its name', async ({ desk }) => {
    const { page, api } = await desk('clara', { javaScriptEnabled: false });
    const before = (await api.connection('Clara Lima')).channels;
    await page.goto('/integrations/meta');
    await page.getByText('Desconectar um canal').click();
    const form = page.locator('form[action="/api/ui/disconnect_channel"]');
    await form.getByRole('combobox').selectOption({ label: '@cafe.boreal · Instagram' });
    await form.getByRole('textbox').fill('Café Boreal');
    await form.getByRole('button', { name: 'Desconectar canal' }).click();
    await expect(form.getByRole('alert'), 'the name of another one').toBeVisible();
    expect((await api.connection('Clara Lima')).channels).toHaveLength(before.length);
    await expect(form.getByRole('combobox').locator('option:checked')).toHaveText(/@cafe\.boreal/);

    await form.getByRole('textbox').fill('@cafe.boreal');
    await form.getByRole('button', { name: 'Desconectar canal' }).click();
    await expect(page.getByRole('status')).toContainText('Canal desconectado.');
    const after = await api.connection('Clara Lima');
    expect(after.channels).toHaveLength(before.length - 1);
    await page.goto(`/connections/${after.id}`);
    await expect(page.locator('.history').first()).toContainText('desconectou @cafe.boreal');
  });
});

test('the review is signed by keyboard alone', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/review');
  await tabTo(page, page.getByRole('button', { name: 'Confirmar revisão' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Revisão confirmada.' })).toBeVisible();
  await expect(page.getByText(/^Última revisão em .* por Ana/)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: /conexões: / })).toHaveCount(1);
});

test('agents are told why the review is not theirs', async ({ desk, watch }) => {
  watch.allow(/status of 403/);
  const { page } = await desk('bruno');
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Revisão', exact: true })).toHaveCount(0);
  const answer = await page.goto('/review');
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Só para administradores');
});
