// A tab closed before *Finalizar* does not lose a good renewal.

import { banner, live, looked, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

for (const state of ['exchanged', 'proved'] as const) {
  test(`left alone when ${state}, with a dead old token: it is committed by itself`, async ({ desk, sim }) => {
    const { page, api } = await desk('ana');
    const { id, connection } = await api.renewalAt(state, sim, 'Elisa Prado');
    await page.goto('/');
    await live(page);
    await expect(banner(page)).toHaveAttribute('data-count', '2');
    await sim.advance('11m');
    await expect.poll(async () => (await api.renewal(id)).state).toBe('finished');
    expect(await api.generation(connection)).toBe(2);
    await expect(banner(page), 'without a reload').toHaveAttribute('data-count', '1');
  });
}

test('left alone with a living old token: "Falta só finalizar", and one click resumes', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id, connection } = await api.renewalAt('proved', sim, 'Clara Lima');
  await sim.advance('11m');
  await page.goto('/');
  await live(page);
  await expect(banner(page)).toContainText('Falta só finalizar.');
  await looked(page);
  expect((await api.renewal(id)).state).toBe('proved');
  await banner(page).getByRole('button', { name: 'Retomar renovação' }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('proof', 'proof');
  await wizard.finish();
  expect(await api.generation(connection)).toBe(2);
});

test('left alone while all is well: the banner says so to whoever began it', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id, connection } = await api.renewalAt('proved', sim, 'Fábio Reis');
  await page.goto('/');
  await live(page);
  await expect(banner(page)).toContainText('A renovação de Fábio Reis ainda não foi concluída');
  await banner(page).getByRole('button', { name: 'Retomar renovação' }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('proof', 'proof');
  expect(wizard.renewal).toBe(id);
  await wizard.finish();
  expect(await api.generation(connection)).toBe(2);
});

test('left alone when something would be lost: nobody decides for the administrator', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const id = await api.start((await api.connection('Elisa Prado')).id);
  const wizard = await Wizard.open(page, id);
  await (await wizard.openMeta()).grantAs('Elisa Prado', { without: ['@aurora.atacado'] });
  await wizard.isAt('accounts', 'accounts');
  await page.goto('/');
  await live(page);
  await sim.advance('11m');
  await expect(banner(page)).toContainText('Falta só finalizar.');
  await looked(page);
  expect((await api.renewal(id)).state).toBe('exchanged');
});

test('left alone before the log-in: nothing happens', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id } = await api.renewalAt('started', sim, 'Elisa Prado');
  await sim.advance('11m');
  await page.goto('/');
  await live(page);
  await looked(page);
  expect((await api.renewal(id)).state).toBe('started');
});
