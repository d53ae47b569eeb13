import type { Page } from '@playwright/test';
import { banner, live, Wizard } from '../support/screens.js';
import { type Desk, expect, test } from '../support/test.js';

/** One more window, or the desk's own, on the overview and alive; a reload would be noticed. */
async function watching(page: Page): Promise<Page> {
  await page.goto('/');
  await live(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  return page;
}

async function twoWindows({ page, context }: Desk): Promise<Page[]> {
  return [await watching(page), await watching(await context.newPage())];
}

async function stillTheSame(windows: Page[]): Promise<void> {
  for (const page of windows) expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
}

test('the banner turns amber, red and disappears as the clock moves, in two windows', async ({ desk, sim }) => {
  const first = await desk('clara');
  await first.api.renewalAt('finished', sim, 'Clara Lima');
  const windows = [...(await twoWindows(first)), await watching((await desk('clara')).page)];
  for (const page of windows) await expect(banner(page)).toHaveCount(0);

  await sim.advance('56d');
  for (const page of windows) await expect(banner(page)).toHaveAttribute('data-severity', 'soon');
  await sim.invalidate({ person: 'Clara Lima' });
  await sim.advance('1d');
  for (const page of windows) await expect(banner(page)).toHaveAttribute('data-severity', 'stopped');
  await first.api.renewalAt('finished', sim, 'Clara Lima');
  for (const page of windows) await expect(banner(page)).toHaveCount(0);
  await stillTheSame(windows);
});

test('the server tells of changes; the clock alone is asked only where it cannot', async ({ desk, sim, watch }) => {
  const { page, api } = await desk('clara');
  await watching(page);
  let last = Date.now();
  page.on('request', (request) => {
    if (request.url().endsWith('/api/ui/alerts')) last = Date.now();
  });
  // Fresh data is looked at once, and people are told of what is near. After that nothing changes: nothing is asked,
  // for longer than it takes a page that nobody tells anything to ask again.
  await expect.poll(() => Date.now() - last, { timeout: 60_000 }).toBeGreaterThan(7_000);

  watch.allow(/api\/ui\/live/);
  const without = await desk('clara');
  await without.context.route('**/api/ui/live', (route) => route.fulfill({ status: 429 }));
  await watching(without.page);
  await api.renewalAt('finished', sim, 'Clara Lima');
  for (const window of [page, without.page]) await expect(banner(window)).toHaveCount(0);
});

test('a hidden window lets go of the server, and catches up when it is shown', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const opened = page.waitForRequest('**/api/ui/live');
  await watching(page);
  const stream = await opened;
  const show = (state: 'hidden' | 'visible') =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
  const ended = page.waitForEvent('requestfailed', (request) => request === stream);
  await show('hidden');
  await ended;
  await api.renewalAt('finished', sim, 'Clara Lima');
  await expect(banner(page)).toBeVisible();
  await show('visible');
  await expect(banner(page)).toHaveCount(0);
});

test('the banner folds away in every other window, without a reload', async ({ desk, sim }) => {
  const admin = await desk('clara');
  const { id } = await admin.api.renewalAt('proved', sim, 'Clara Lima');
  const window = await admin.context.newPage();
  const elsewhere = await desk('clara');
  for (const page of [window, elsewhere.page]) {
    await page.goto('/');
    await live(page);
    await expect(banner(page)).toBeVisible();
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  }
  const wizard = await Wizard.open(admin.page, id);
  await wizard.finish();
  for (const page of [window, elsewhere.page]) {
    await expect(banner(page)).toHaveCount(0);
    await expect(page.getByRole('status').filter({ hasText: 'Tudo em dia' })).toHaveCount(1);
    expect(await page.evaluate(() => 'sameDocument' in window), 'it was not loaded again').toBe(true);
  }
});

test('an agent sees the count fall while an administrator renews', async ({ desk, sim }) => {
  const agent = await desk('bruno');
  await agent.page.goto('/');
  await live(agent.page);
  await expect(banner(agent.page)).toHaveAttribute('data-count', '2');
  const admin = await desk('ana');
  await admin.api.renewalAt('finished', sim, 'Elisa Prado');
  await expect(banner(agent.page)).toHaveAttribute('data-count', '1');
  await expect(banner(agent.page)).toHaveAttribute('data-severity', 'soon');
  await expect(agent.page.getByRole('status').filter({ hasText: 'Ana Souza' }), 'it is announced').toHaveCount(1);
  await admin.api.renewalAt('finished', sim, 'Ana Souza');
  await expect(banner(agent.page)).toHaveCount(0);
});

test('what changes on the banner is announced by a live region of its own', async ({ desk, sim }) => {
  const { page } = await desk('clara');
  await page.goto('/');
  await live(page);
  await expect(banner(page)).toHaveAttribute('data-severity', 'soon');
  // Two days more: the words change, and so does what is announced.
  await sim.advance('1d');
  await expect(banner(page)).toContainText('vence em 2 dias');
  await expect(page.getByRole('status').filter({ hasText: 'vence em 2 dias' })).toHaveCount(1);
});

test('the countdown ticks outside the region and the live regions', async ({ desk }) => {
  const { page } = await desk('clara');
  await page.goto('/');
  const countdown = page.getByRole('timer');
  await expect(countdown).toHaveText(/Tempo restante:\s*\d+ dias \d\d:\d\d:\d\d/);
  const first = await countdown.textContent();
  await expect(countdown).not.toHaveText(first ?? '');
  await expect(banner(page).getByRole('timer')).toHaveCount(0);
  await expect(page.getByRole('status').getByRole('timer')).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: 'dias' }), 'nothing is announced by itself').toHaveCount(0);
});

test('the banner stands early in the document and is there before any script', async ({ desk }) => {
  const { page } = await desk('clara', { javaScriptEnabled: false });
  await page.goto('/');
  await expect(banner(page)).toBeVisible();
  const html = await (await page.request.get('/')).text();
  const body = html.indexOf('<body');
  expect(html.indexOf('Renovação necessária') - body).toBeLessThan((html.length - body) / 2);
});
