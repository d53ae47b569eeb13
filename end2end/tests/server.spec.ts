// What the server says about itself, and the binary alone.

import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renovaProgram } from '../support/places.js';
import { banner, live } from '../support/screens.js';
import { expect, logIn, test } from '../support/test.js';

test('alive and ready', async ({ request, renova }) => {
  const alive = await request.get(`${renova.url}/healthz`);
  expect([alive.status(), await alive.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await request.get(`${renova.url}/readyz`);
  expect(ready.status()).toBe(200);
  expect(await ready.json()).toEqual({ ready: true, database: 'ok', keys: 'ok', schema: 'ok', worker: 'ok' });
});

test('every page carries the headers that protect it', async ({ desk, sim, renova }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('started', sim, 'Clara Lima');
  for (const path of ['/login', '/', '/integrations/meta', `/integrations/meta/renewals/${id}`]) {
    const headers = (await page.request.get(`${renova.url}${path}`)).headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, path).toMatch(/script-src 'self' 'nonce-[\w+/=-]{16,}' 'wasm-unsafe-eval'/);
    expect(policy).not.toContain('unsafe-inline');
    for (const part of ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"]) {
      expect(policy, path).toContain(part);
    }
    expect(policy).toContain(`form-action 'self' ${renova.metaUrl}`);
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cache-control': expect.stringContaining('no-store'),
    });
    expect(headers['x-request-id']).toBeTruthy();
    expect(headers['server']).toBeUndefined();
  }
  const start = await page.request.get(`${renova.url}/connect/${id}`, { maxRedirects: 0 });
  expect(start.headers()).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  const [first, second] = await Promise.all([page.request.get('/login'), page.request.get('/login')]);
  expect(first.headers()['content-security-policy'], 'a nonce is used once').not.toBe(
    second.headers()['content-security-policy'],
  );
});

test('files are immutable, compressed and named by their content', async ({ desk, renova }) => {
  const { page } = await desk();
  const files: string[] = [];
  page.on('request', (request) => files.push(new URL(request.url()).pathname));
  await page.goto('/login');
  await expect(page.locator('body')).toHaveAttribute('data-hydrated', 'true');
  const assets = files.filter((path) => path !== '/login' && !path.startsWith('/api/'));
  expect(assets.length).toBeGreaterThanOrEqual(3);
  for (const path of assets) {
    expect(path).toMatch(/^\/pkg\/[\w.-]+\.[0-9a-f]{8,}\.\w+$/);
    const answer = await page.request.get(`${renova.url}${path}`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers()['cache-control'], path).toContain('immutable');
    expect(answer.headers()['content-encoding'], path).toBe('br');
  }
});

test('cookies are closed to scripts and to other sites', async ({ desk, sim }) => {
  const { page, api, context } = await desk();
  await page.goto('/login');
  await logIn(page, 'clara');
  await expect(page).toHaveURL(/\/\??$/);
  await api.renewalAt('logged_in', sim, 'Clara Lima');
  const cookies = (await context.cookies()).filter(({ name }) => name.startsWith('renova'));
  expect(cookies.map(({ name }) => name).sort()).toEqual(['renova_login', 'renova_session']);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: '127.0.0.1' });
    expect(cookie.value.length, 'it cannot be guessed').toBeGreaterThanOrEqual(32);
    expect(cookie.expires).toBeGreaterThan(Date.now() / 1000);
  }
  const login = cookies.find(({ name }) => name === 'renova_login')!;
  expect(login.expires, 'as long as an attempt').toBeLessThan(Date.now() / 1000 + 601);
  await page.goto('/');
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('other names of this machine lead to the one that cookies belong to', async ({ request, renova }) => {
  const answer = await request.get(`${renova.url.replace('127.0.0.1', 'localhost')}/login?next=%2Faccount`, {
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(308);
  expect(answer.headers().location).toBe(`${renova.url}/login?next=%2Faccount`);
});

test('the pages are for nobody’s frame', async ({ desk, renova, watch }) => {
  watch.allow(/frame-ancestors|Refused to (frame|display)|ERR_BLOCKED_BY_RESPONSE|Framing/i);
  const { page } = await desk('clara');
  await page.goto(`${renova.metaUrl}/_sim/`);
  await page.evaluate((src) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src }));
  }, `${renova.url}/`);
  const frame = page.frames().at(-1)!;
  await frame.waitForLoadState();
  await expect(frame.getByRole('region')).toHaveCount(0);
});

test('the binary alone, in an empty folder, serves a page that comes alive', async ({ desk, another }) => {
  const folder = mkdtempSync(join(tmpdir(), 'renova-alone-'));
  const program = join(folder, 'renova');
  copyFileSync(renovaProgram, program);
  const renova = await another({ program, folder, temporary: true });
  const { page } = await desk(undefined, { at: renova });
  await page.goto('/');
  await logIn(page, 'clara');
  await live(page);
  await expect(banner(page)).toBeVisible();
  await expect(page.getByRole('timer')).toHaveText(/\d\d:\d\d:\d\d/);
});
