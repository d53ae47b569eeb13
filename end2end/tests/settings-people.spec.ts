// The team by hand: invited, joined, changed, removed; a new password by oneself and by mail.

import type { Page } from '@playwright/test';
import { remember } from '../support/secrets.js';
import { type Desk, expect, test } from '../support/test.js';

async function enter(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
}

async function invite(desk: Desk, email: string, role: string): Promise<string> {
  const { page } = desk;
  await page.goto('/settings/people');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Perfil').selectOption({ label: role });
  await page.getByRole('button', { name: 'Criar convite' }).click();
  const link = await page.getByLabel('Link do convite').inputValue();
  remember(new URL(link).searchParams.get('token') ?? '');
  return link;
}

test('somebody is invited, joins with that role, changes the password and is removed', async ({ desk, another, watch }) => {
  watch.allow(/status of 4(03|10)/);
  const renova = await another();
  const ana = await desk(undefined, { at: renova });
  await ana.api.send('login', { email: 'ana@aurora.example', password: 'renova-demo' });
  await ana.page.goto('/');
  await ana.page.getByRole('link', { name: 'Configurações' }).waitFor();
  const link = await invite(ana, 'gil@aurora.example', 'Atendente');
  await ana.page.goto('/settings/people');
  await expect(ana.page.getByLabel('Link do convite'), 'shown once').toHaveCount(0);
  await expect(ana.page.getByRole('heading', { name: 'gil@aurora.example' })).toBeVisible();

  const [first, second] = ['the-first-password', 'a-second-password'];
  remember(first, second);
  const gil = await desk(undefined, { at: renova, javaScriptEnabled: false });
  await gil.page.goto(link);
  await expect(gil.page.getByRole('heading', { level: 1 })).toHaveText('Entrar em Loja Aurora');
  await gil.page.getByLabel('Seu nome').fill('Gil Nunes');
  await gil.page.getByLabel('Nova senha').fill(first);
  await gil.page.getByRole('button', { name: 'Criar conta' }).click();
  await expect(gil.page.getByRole('heading', { level: 1 })).toHaveText('Resumo');
  await expect(gil.page.getByRole('link', { name: 'Configurações' })).toHaveCount(0);
  expect((await gil.page.goto('/settings/people'))?.status()).toBe(403);
  expect((await gil.page.goto(link))?.status(), 'a link works once').toBe(410);

  await gil.page.goto('/account');
  await gil.page.getByLabel('Senha atual').fill('wrong');
  await gil.page.getByLabel('Nova senha').fill(second);
  await gil.page.getByRole('button', { name: 'Salvar senha' }).click();
  await expect(gil.page.locator('main').getByRole('alert')).toContainText('A senha atual não confere');
  await gil.page.getByLabel('Senha atual').fill(first);
  await gil.page.getByLabel('Nova senha').fill(second);
  await gil.page.getByRole('button', { name: 'Salvar senha' }).click();
  await expect(gil.page.locator('main').getByRole('status')).toContainText('Senha trocada');
  await gil.page.getByRole('button', { name: 'English' }).click();
  await expect(gil.page.getByRole('heading', { level: 1 })).toHaveText('Your account');
  await gil.page.getByRole('button', { name: 'Log out everywhere' }).click();
  await enter(gil.page, 'gil@aurora.example', first);
  await expect(gil.page.getByRole('alert')).toContainText('E-mail ou senha não conferem');
  await enter(gil.page, 'gil@aurora.example', second);

  await ana.page.reload();
  const row = ana.page.getByRole('listitem').filter({ hasText: 'gil@aurora.example' });
  await row.getByRole('button', { name: 'Tornar administrador' }).click();
  await expect(row).toContainText('Administrador');
  expect((await gil.page.goto('/settings/people'))?.status(), 'at once').toBe(200);
  await row.getByText('Remover Gil Nunes').click();
  await row.getByRole('button', { name: 'Remover da equipe' }).click();
  await expect(row).toHaveCount(0);
  await gil.page.goto('/account');
  await expect(gil.page, 'out at once').toHaveURL(/\/login/);
});

test('a forgotten password is replaced by a link that comes by mail', async ({ desk, another }) => {
  const renova = await another();
  const { page } = await desk(undefined, { at: renova });
  const password = 'a-password-by-mail';
  remember(password);
  const ask = async (email: string) => {
    await page.goto('/login');
    await page.getByRole('link', { name: 'Esqueci minha senha' }).click();
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Enviar link' }).click();
    await expect(page.getByRole('status')).toHaveText(/Se houver uma conta com este e-mail/);
  };
  await ask('nobody@aurora.example');
  await ask('bruno@aurora.example');
  const letters = async (): Promise<{ to: string; subject: string; text: string }[]> =>
    (await page.request.get('/demo/inbox.json')).json();
  const resets = async () => (await letters()).filter((it) => it.subject === 'Escolha uma senha nova');
  await expect.poll(async () => (await resets()).length).toBe(1);
  const [letter] = await resets();
  expect(letter?.to).toBe('bruno@aurora.example');
  const link = /https?:\/\/\S*\/reset\?token=\S*/.exec(letter?.text ?? '')?.[0] ?? '';
  remember(new URL(link).searchParams.get('token') ?? '');
  await page.goto(link);
  await page.getByLabel('Nova senha').fill(password);
  await page.getByRole('button', { name: 'Salvar senha' }).click();
  await enter(page, 'bruno@aurora.example', password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Resumo');
});
