// Keys and webhooks of an organization by hand: made, used, tested, sent again, ended.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { newEndpoint, newKey, newLink } from '../support/developers.js';
import { type Desk, expect, test } from '../support/test.js';
import type { Program } from '../support/program.js';

async function signedIn(desk: (who?: undefined, options?: object) => Promise<Desk>, renova: Program, options = {}) {
  const ana = await desk(undefined, { at: renova, ...options });
  await ana.api.send('login', { email: 'ana@aurora.example', password: 'renova-demo' });
  return ana;
}

/** A receiver that writes down what comes, and answers as it is told. */
async function receiver() {
  const posts: { headers: IncomingHttpHeaders; body: string }[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      // A warning may come by itself; what the test causes is of another kind.
      const warning = JSON.parse(body).type.startsWith('connection.');
      if (!warning) posts.push({ headers: request.headers, body });
      response.writeHead((warning ? undefined : answers.shift()) ?? 204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hooks`, posts, answers, close: () => server.close() };
}

const log = (page: Page) =>
  page.getByRole('table').getByRole('row').filter({ has: page.getByRole('cell'), hasNotText: 'connection.' });

test('a key is made, used, seen in use and revoked, without JavaScript', async ({ desk, another }) => {
  const renova = await another();
  const ana = await signedIn(desk, renova, { javaScriptEnabled: false });
  const { page } = ana;
  const key = await newKey(ana, 'CRM');
  expect(key).toMatch(/^rk_[0-9a-f]{64}$/);
  await expect(page.getByRole('status').first()).toHaveText('Chave criada.');
  await page.goto('/settings/api-keys');
  await expect(page.getByRole('textbox', { name: 'Chave', exact: true }), 'shown once').toHaveCount(0);
  const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'CRM' }) });
  await expect(row).toContainText(`rk_…${key.slice(-4)}`);
  await expect(row).toContainText('Nunca usada');

  const ask = () => page.request.get('/api/v1/nothing', { headers: { authorization: `Bearer ${key}` } });
  expect((await ask()).status(), 'let in, and there is nothing').toBe(404);
  await page.reload();
  await expect(row).toContainText('Último uso em');
  await row.getByText('Revogar CRM').click();
  await row.getByRole('button', { name: 'Revogar chave' }).click();
  await expect(page.getByRole('status').first()).toContainText('Chave revogada');
  expect((await ask()).status()).toBe(401);
  await page.goto('/settings/audit?what=api_key');
  await expect(page.getByRole('table')).toContainText('Chave de API CRM revogada');
});

test('an endpoint is tested, fails, is sent again, rotated, paused and removed', async ({ desk, another, watch }) => {
  watch.allow(/status of 404/);
  const renova = await another();
  const office = await receiver();
  const ana = await signedIn(desk, renova);
  const { page } = ana;
  const secret = await newEndpoint(ana, office.url, 'CRM');
  expect(secret).toMatch(/^whsec_/);
  const reloaded = async () => {
    await page.getByRole('button', { name: 'Atualizar' }).click();
    return log(page).first();
  };
  office.answers.push(503);
  await page.getByRole('button', { name: 'Enviar teste' }).click();
  await expect(page.getByRole('status').first()).toContainText('Teste enviado');
  await expect.poll(async () => (await reloaded()).textContent()).toContain('HTTP 503');
  await expect(log(page).first()).toContainText('Falhou; tentamos de novo');
  await log(page).first().getByRole('button', { name: 'Reenviar' }).click();
  await expect.poll(async () => (await reloaded()).textContent()).toContain('Entregue');
  const ids = new Set(office.posts.map(({ headers }) => headers['webhook-id']));
  expect(ids.size, 'the same event').toBe(1);
  expect(JSON.parse(office.posts[0]?.body ?? '{}')).toMatchObject({ type: 'webhook.test' });

  await page.getByText('Trocar o segredo').click();
  await page.getByRole('button', { name: 'Trocar segredo' }).click();
  await expect(page.getByRole('textbox', { name: 'Segredo da assinatura' })).not.toHaveValue(secret);
  await expect(page.locator('main')).toContainText('O segredo anterior também assina até');
  await page.getByText('Pausar os envios').click();
  await page.getByRole('button', { name: 'Pausar', exact: true }).click();
  await expect(page.locator('main')).toContainText('Pausado');
  await expect(page.getByRole('button', { name: 'Enviar teste' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Retomar os envios' }).click();
  await expect(page.locator('main')).toContainText('Recebendo');

  // What happens in another organization is not told to it.
  const before = office.posts.length;
  const clara = await desk(undefined, { at: renova });
  await clara.api.send('login', { email: 'clara@boreal.example', password: 'renova-demo' });
  await clara.api.send('start_renewal', { connection_id: (await clara.api.connection('Clara Lima')).id });
  await ana.api.send('start_renewal', { connection_id: (await ana.api.connection('Ana Souza')).id });
  await expect.poll(() => office.posts.length).toBe(before + 1);
  expect(JSON.parse(office.posts.at(-1)?.body ?? '{}').data.organization.name).toBe('Loja Aurora');
  expect((await clara.page.goto(new URL(page.url()).pathname))?.status()).toBe(404);

  await page.getByText('Remover este destino').click();
  await page.getByRole('button', { name: 'Remover destino' }).click();
  await expect(page.locator('main')).toContainText('Nenhum destino ainda');
  office.close();
});

test('a renewal link is opened, used once, and leads back', async ({ desk, another }) => {
  const renova = await another();
  const ana = await signedIn(desk, renova);
  const link = await newLink(ana, 'Ana Souza', 'Ana Souza');
  const letters = await (await ana.page.request.get('/demo/inbox.json')).json();
  expect(letters[0].subject).toBe('Ana Souza pede que você renove Ana Souza');

  const phone = await desk(undefined, { at: renova });
  const { page } = phone;
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Renovar Ana Souza');
  await page.getByRole('button', { name: 'Iniciar' }).click();
  await expect(page, 'log in first').toHaveURL(/\/login\?next=%2Fr%2F/);
  await page.getByLabel('E-mail').fill('ana@aurora.example');
  await page.getByLabel('Senha', { exact: true }).fill('renova-demo');
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await page.getByRole('button', { name: 'Iniciar' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/integrations\/meta\/renewals\//);
  const wizard = new URL(page.url()).pathname;
  await page.goto(link);
  await page.getByRole('button', { name: 'Continuar' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(wizard);
});

test('copy buttons copy, and by keyboard alone everything is reached', async ({ desk, another }) => {
  const renova = await another();
  const ana = await signedIn(desk, renova, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ana;
  await page.goto('/settings/embed');
  const copy = page.getByRole('button', { name: 'Copiar' }).first();
  await copy.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copiado' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`${renova.url}/embed/renova.js`);
  await page.goto('/settings/api-keys');
  await page.getByLabel('Nome').focus();
  await page.keyboard.type('Teclado');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Chave', exact: true })).toHaveValue(/^rk_/);
});
