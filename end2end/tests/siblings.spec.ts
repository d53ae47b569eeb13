// Meta keeps one grant for each (person, app): what somebody changes in one organization is felt,
// and told, in the other.

import type { Api } from '../support/api.js';
import { banner, live, Wizard } from '../support/screens.js';
import type { Sim } from '../support/sim.js';
import { expect, test } from '../support/test.js';

/** Ana connects as Clara Lima too: her new Page, and Café Boreal, which Café Boreal's own organization uses. */
async function connectForAna(api: Api, sim: Sim): Promise<string> {
  await sim.setPages([{ name: 'Aurora Norte', people: ['Clara Lima'] }]);
  const renewal = await api.start();
  await api.grantAtMeta(renewal, sim, 'Clara Lima', ['Café Boreal', 'Aurora Norte']);
  const { accounts } = await api.step('exchange', renewal);
  expect(accounts.map(({ handle, name }) => handle ?? name).sort()).toEqual(['@cafe.boreal', 'Aurora Norte', 'Café Boreal']);
  await api.choose(renewal, accounts.map(({ value }) => value));
  await api.step('prove', renewal);
  await api.step('finish', renewal);
  return (await api.connection('Clara Lima')).id;
}

test('a Page that one organization unticks at Meta is told in the other', async ({ desk, sim }) => {
  const ana = await desk('ana');
  const id = await connectForAna(ana.api, sim);
  const clara = await desk('clara');
  const { id: hers } = await clara.api.connection('Clara Lima');
  expect(hers, 'each organization has its own').not.toBe(id);
  await clara.page.goto('/');
  await live(clara.page);
  await expect(banner(clara.page)).toHaveAttribute('data-severity', 'soon');

  const wizard = await Wizard.open(ana.page, await ana.api.start(id));
  await (await wizard.openMeta()).grantAs('Clara Lima', { without: ['Café Boreal', '@cafe.boreal'] });
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.row('@cafe.boreal')).toContainText('Não liberada');

  // Felt at once, whatever Ana does next.
  await expect(banner(clara.page)).toHaveAttribute('data-severity', 'stopped');
  await expect(banner(clara.page)).toContainText(/As mensagens do .+ não chegam desde/);
  const told = (await clara.api.detail(hers)).history.map(({ text }) => text);
  expect(told).toEqual(expect.arrayContaining([
    'O acesso a Café Boreal foi perdido',
    'O acesso a @cafe.boreal foi perdido',
  ]));
  expect(told.join(), 'nothing of the other organization').not.toMatch(/Ana Souza|Aurora/);

  // Clara mends it for both.
  const own = await Wizard.open(clara.page, await clara.api.start(hers));
  await (await own.openMeta()).grantAs('Clara Lima', { and: ['Café Boreal', '@cafe.boreal'] });
  await own.isAt('accounts', 'accounts');
  await own.goOn();
  await own.finish();
  expect((await clara.api.connection('Clara Lima')).status).toBe('healthy');
});

test('a Page that one organization lets go here goes on delivering to the other', async ({ desk, sim }) => {
  const ana = await desk('ana');
  const id = await connectForAna(ana.api, sim);
  const clara = await desk('clara');
  const before = await sim.subscription('Café Boreal');
  expect(await sim.subscription('Aurora Norte')).toContain('messages');

  // Unticked on our own screen alone: at Meta the grant is as it was.
  const wizard = await Wizard.open(ana.page, await ana.api.start(id));
  await wizard.logIn('Clara Lima');
  for (const name of [/@cafe\.boreal/, /Café Boreal/]) await wizard.region.getByRole('checkbox', { name }).uncheck();
  await wizard.region.getByRole('checkbox', { name: /Entendo que as contas/ }).check();
  await wizard.goOn();
  await wizard.finish();
  expect((await ana.api.connection('Clara Lima')).channels.map(({ name }) => name)).toEqual(['Aurora Norte']);
  expect(await sim.subscription('Café Boreal')).toEqual(before);
  expect((await sim.event('@cafe.boreal', 'message')).status).toBe(200);
  expect((await clara.api.connection('Clara Lima')).status).toBe('expires_soon');
});

test('disconnected in one organization, the Page goes on delivering to the other', async ({ desk, sim }) => {
  const ana = await desk('ana');
  const id = await connectForAna(ana.api, sim);
  const clara = await desk('clara');
  const { id: hers, status } = await clara.api.connection('Clara Lima');
  const before = await sim.subscription('Café Boreal');

  await ana.page.goto(`/integrations/meta?connection=${id}`);
  const form = ana.page.locator('details').filter({ hasText: 'Desconectar Clara Lima' });
  await form.locator('summary').click();
  await form.getByLabel('Para confirmar, digite Clara Lima').fill('Clara Lima');
  await form.getByRole('button', { name: 'Desconectar Clara Lima' }).click();
  await expect(ana.page.getByText('Conexão desconectada.')).toBeVisible();

  expect(await sim.subscription('Aurora Norte'), 'nobody uses it any more').toEqual([]);
  expect(await sim.subscription('Café Boreal')).toEqual(before);
  for (const channel of ['Café Boreal', '@cafe.boreal']) {
    expect((await sim.event(channel, 'message')).status, channel).toBe(200);
  }
  await sim.advance('1m');
  const after = await clara.api.connection('Clara Lima');
  expect([after.id, after.status]).toEqual([hers, status]);
});

test('the person removes the app: both organizations are told', async ({ desk, sim }) => {
  const ana = await desk('ana');
  await connectForAna(ana.api, sim);
  const clara = await desk('clara');
  await sim.advance('11m');
  expect((await sim.removeApp({ person: 'Clara Lima' })).status).toBe(200);
  for (const { page, api } of [ana, clara]) {
    await expect.poll(async () => (await api.connection('Clara Lima')).status).toBe('revoked');
    await page.goto('/');
    await expect(banner(page)).toHaveAttribute('data-severity', 'stopped');
  }
});
