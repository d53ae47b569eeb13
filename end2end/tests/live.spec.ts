import { banner, live, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

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
