// *Lembrar amanhã*: for one person, until the next day, never where something has stopped.

import { banner, live } from '../support/screens.js';
import { expect, test } from '../support/test.js';

const LATER = { name: 'Lembrar amanhã', exact: true };

test('a warning is put off in every window of the person, and comes back the next day', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const elsewhere = (await desk('clara')).page;
  for (const window of [page, elsewhere]) {
    await window.goto('/');
    await live(window);
  }
  await banner(page).getByRole('button', LATER).click();
  for (const window of [page, elsewhere]) {
    await expect(banner(window)).toHaveCount(0);
    await expect(window.getByRole('status').filter({ hasText: 'Lembraremos você amanhã.' })).toHaveCount(1);
    await expect(window.getByText('Tudo em dia'), 'not all is well').toHaveCount(0);
  }
  expect((await api.connection('Clara Lima')).status, 'the overview shows what is true').toBe('expires_soon');
  await page.reload();
  await live(page);
  await expect(banner(page)).toHaveCount(0);

  await sim.advance('1d');
  for (const window of [page, elsewhere]) {
    await expect(banner(window), 'without a reload').toHaveAttribute('data-severity', 'soon');
    await expect(banner(window)).toContainText('vence em 2 dias');
  }
});

test('it is shown at once where messages stop meanwhile', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.connection('Clara Lima');
  expect((await api.send('snooze', { connection_id: id })).status()).toBe(200);
  await page.goto('/');
  await live(page);
  await expect(banner(page)).toHaveCount(0);
  await sim.removeApp({ person: 'Clara Lima' });
  await expect(banner(page)).toHaveAttribute('data-severity', 'stopped');
});

test('of several only the warnings can wait, and only for the person who says so', async ({ desk }) => {
  const ana = await desk('ana');
  const agent = await desk('bruno');
  for (const { page } of [ana, agent]) {
    await page.goto('/');
    await live(page);
    await expect(banner(page)).toHaveAttribute('data-count', '2');
  }
  const later = banner(agent.page).getByRole('button', LATER);
  await expect(later).toHaveCount(1);
  await expect(later).toHaveAccessibleDescription(/^Ana Souza · /);
  await later.click();
  await expect(banner(agent.page)).toHaveAttribute('data-count', '1');
  await expect(banner(agent.page)).toHaveAttribute('data-severity', 'stopped');
  await expect(later).toHaveCount(0);
  await expect(banner(ana.page)).toHaveAttribute('data-count', '2');

  const { id } = await ana.api.connection('Elisa Prado');
  const refused = await ana.api.send('snooze', { connection_id: id });
  expect(refused.status()).toBe(409);
  expect((await refused.json()).code).toBe('cannot_wait');
});

test('it needs no JavaScript', async ({ desk }) => {
  const { page } = await desk('clara', { javaScriptEnabled: false });
  await page.goto('/');
  await banner(page).getByRole('button', LATER).click();
  await expect(page.getByRole('status').filter({ hasText: 'Lembraremos você amanhã.' })).toHaveCount(1);
  await expect(banner(page)).toHaveCount(0);
});
