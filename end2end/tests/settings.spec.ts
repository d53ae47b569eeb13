// What an organization decides for itself, and the record of what was done.

import type { Locator, Page } from '@playwright/test';
import type { Api } from '../support/api.js';
import { expect, test } from '../support/test.js';

const SAVED = 'Opções salvas.';

const warnings = (page: Page) => page.getByRole('region', { name: 'Avisos', exact: true });
const organization = (page: Page) => page.getByRole('region', { name: 'Organização', exact: true });
const log = (page: Page) => page.locator('table.audit tbody tr');

/** Presses Tab until `wanted` has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  const hasFocus = () => wanted.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60 && !(await hasFocus()); presses += 1) await page.keyboard.press('Tab');
  await expect(wanted).toBeFocused();
}

/** Changes the days of the warnings so often that the record has several pages. */
async function manyChanges(api: Api, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const form = { 'days[]': String(number % 15), from_hour: '9', to_hour: '18' };
    expect((await api.send('set_warnings', form)).status()).toBe(200);
  }
}

test('the policy of the warnings is changed, kept and written down', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/');
  await page.getByRole('link', { name: 'Configurações', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Configurações');
  const form = warnings(page);
  for (const day of ['14 dias antes', '7 dias antes', '3 dias antes', '1 dia antes', 'No dia']) {
    await expect(form.getByLabel(day, { exact: true })).toBeChecked();
  }
  await form.getByLabel('14 dias antes').uncheck();
  await form.getByLabel('10 dias antes').check();
  await form.getByLabel('A partir das').selectOption('8h');
  await form.getByRole('button', { name: 'Salvar avisos' }).click();
  await expect(page.getByRole('status').filter({ hasText: SAVED })).toHaveCount(1);

  await page.goto('/settings');
  await expect(form.getByLabel('14 dias antes')).not.toBeChecked();
  await expect(form.getByLabel('10 dias antes')).toBeChecked();
  await expect(form.getByLabel('A partir das')).toHaveValue('8');
  await page.getByRole('link', { name: 'Auditoria' }).click();
  await expect(log(page).first()).toContainText('Ana Souza');
  await expect(log(page).first()).toContainText('Avisos alterados: 10, 7, 3, 1, 0 dias antes, das 8h às 18h');
});

test('who tells people, and whether mail works, is said', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/settings');
  const teller = page.getByRole('region', { name: 'Quem avisa' });
  await expect(teller).toContainText('Os avisos saem daqui, por e-mail.');
  await expect(teller).toContainText('RENOVA_NOTIFY');
  await expect(teller).toContainText('O envio de e-mails está configurado.');
});

test('what cannot be is told beside its form, and nothing is lost', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/settings');
  await organization(page).getByLabel('Fuso horário').fill('Brasil/Sampa');
  await organization(page).getByLabel('Idioma').selectOption('English');
  await organization(page).getByRole('button', { name: 'Salvar organização' }).click();
  await expect(organization(page).getByRole('alert')).toContainText('Este fuso horário não existe. Escolha um nome da lista');
  const zone = organization(page).getByLabel('Fuso horário');
  await expect(zone).toHaveValue('Brasil/Sampa');
  await expect(zone).toHaveAttribute('aria-invalid', 'true');
  await expect(zone).toHaveAccessibleDescription(/Este fuso horário não existe/);
  await expect(organization(page).getByLabel('Idioma')).toHaveValue('en');
  await expect(warnings(page).getByRole('alert')).toHaveCount(0);

  await zone.fill('europe/madrid');
  await organization(page).getByLabel('Idioma').selectOption('Português (Brasil)');
  await organization(page).getByRole('button', { name: 'Salvar organização' }).click();
  await expect(page.getByRole('status').filter({ hasText: SAVED })).toHaveCount(1);
  await expect(organization(page).getByLabel('Fuso horário')).toHaveValue('Europe/Madrid');
  await organization(page).getByLabel('Fuso horário').fill('America/Sao_Paulo');
  await organization(page).getByRole('button', { name: 'Salvar organização' }).click();
  await expect(page.getByRole('status').filter({ hasText: SAVED })).toHaveCount(1);

  await warnings(page).getByLabel('A partir das').selectOption('20h');
  await warnings(page).getByRole('button', { name: 'Salvar avisos' }).click();
  await expect(warnings(page).getByRole('alert')).toContainText('termina antes de começar');
  await expect(warnings(page).getByLabel('A partir das')).toHaveValue('20');
});

test('the record is filtered by person and kind, and read page by page', async ({ desk }) => {
  const { page, api } = await desk('ana');
  await manyChanges(api, 55);
  const { id } = await api.connection('Ana Souza');
  expect((await api.send('start_renewal', { connection_id: id })).status()).toBe(200);
  await page.goto('/settings/audit');
  await expect(log(page)).toHaveCount(50);
  await expect(log(page).first()).toContainText('Renovação iniciada');
  await expect(log(page).first().getByRole('link', { name: 'Ana Souza' })).toHaveAttribute('href', `/connections/${id}`);
  const first = await log(page).last().textContent();

  await page.getByRole('button', { name: 'Mais antigas' }).click();
  await expect(page).toHaveURL(/before=/);
  expect(await log(page).count(), 'the rest').toBeGreaterThanOrEqual(6);
  expect(await log(page).first().textContent()).not.toBe(first);
  await page.getByRole('button', { name: 'Voltar às mais recentes' }).click();
  await expect(log(page)).toHaveCount(50);

  await page.getByLabel('O que').selectOption('Renovações');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(page).toHaveURL(/what=renewal/);
  await expect(log(page)).toHaveCount(1);
  await expect(page.getByLabel('O que')).toHaveValue('renewal');
  await page.getByLabel('Quem').selectOption('Renova e chaves de API');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(page.getByText('Nada corresponde a este filtro.')).toBeVisible();
  await page.getByRole('button', { name: 'Mostrar tudo' }).click();
  await expect(log(page)).toHaveCount(50);
});

test('by keyboard alone, without JavaScript', async ({ desk }) => {
  const { page } = await desk('ana', { javaScriptEnabled: false });
  await page.goto('/settings');
  const day = warnings(page).getByLabel('2 dias antes');
  await day.focus();
  await page.keyboard.press('Space');
  await expect(day).toBeChecked();
  await warnings(page).getByLabel('Até as').focus();
  await page.keyboard.press('ArrowDown');
  await warnings(page).getByRole('button', { name: 'Salvar avisos' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: SAVED })).toHaveCount(1);
  await expect(day).toBeChecked();
  await expect(warnings(page).getByLabel('Até as')).toHaveValue('19');
});

test('by Tab from the first field to the record', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/settings');
  await tabTo(page, warnings(page).getByLabel('5 dias antes'));
  await page.keyboard.press('Space');
  await tabTo(page, warnings(page).getByRole('button', { name: 'Salvar avisos' }));
  await page.keyboard.press('Enter');
  await expect(warnings(page).getByLabel('5 dias antes')).toBeChecked();
  await tabTo(page, page.getByRole('link', { name: 'Auditoria' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Quem'));
  await tabTo(page, page.getByRole('button', { name: 'Filtrar' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/audit\?who=&what=/);
});

test('an agent is told who can', async ({ desk, watch }) => {
  watch.allow(/status of 403/);
  const { page } = await desk('bruno');
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Configurações' })).toHaveCount(0);
  for (const path of ['/settings', '/settings/audit']) {
    expect((await page.goto(path))?.status(), path).toBe(403);
    await expect(page.locator('main')).toContainText('As configurações cabem aos administradores');
    await expect(page.locator('main')).toContainText('Ana Souza');
  }
});
