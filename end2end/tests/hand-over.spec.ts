// Another person takes a connection over: the same ids, and what they cannot see stays as it is.

import { Dialog, Wizard } from '../support/screens.js';
import type { Sim } from '../support/sim.js';
import { expect, test } from '../support/test.js';
import type { Api } from '../support/api.js';

/** Davi gets a role on Loja Aurora; on Aurora Outlet he has none. */
const give = (sim: Sim) => sim.setPages([{ name: 'Loja Aurora', people: ['Ana Souza', 'Davi Rocha'] }]);

const HAND_OVER = 'Passar a conexão para Davi Rocha';

/** What a hand-over must leave as it was. */
async function what(api: Api, name: string) {
  const { id, channels } = await api.connection(name);
  return { id, channels: channels.map((channel) => [channel.id, channel.handle ?? channel.name]).sort() };
}

test('Davi takes over from Ana: the same connection under his name, with the same channels', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  await give(sim);
  const before = await what(api, 'Ana Souza');
  const wizard = await Wizard.open(page, await api.start(before.id));
  await (await wizard.openMeta()).grantAs('Davi Rocha');
  await wizard.isAt('logIn', 'problem');
  await expect(wizard.problem).toContainText('Você entrou como Davi Rocha, mas esta conexão é de Ana Souza.');
  await expect(wizard.problem).toContainText('Se Ana Souza não cuida mais destas contas, passe a conexão para Davi Rocha.');
  await wizard.button(HAND_OVER).click();

  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.region).toContainText('Quem entrou: Davi Rocha');
  await expect(wizard.row('@loja.aurora')).toContainText('Continua');
  const outlet = wizard.row('Aurora Outlet');
  await expect(outlet).toContainText('Fica como está');
  await expect(outlet).toContainText('Esta pessoa não vê esta conta. Ela continua com o acesso de antes');
  await expect(outlet.getByRole('checkbox'), 'there is nothing to decide').toHaveCount(0);
  await expect(wizard.region.getByRole('checkbox', { name: /Entendo que as contas/ }), 'nothing is lost').toBeHidden();
  expect(await what(api, 'Ana Souza'), 'hers until Finalizar').toEqual(before);

  await wizard.goOn();
  await wizard.finish();
  expect(await what(api, 'Davi Rocha')).toEqual(before);
  expect(await api.generation(before.id)).toBe(2);
  expect((await api.connections()).map(({ name }) => name)).not.toContain('Ana Souza');
  expect((await api.detail(before.id)).history[0]?.text).toBe('Ana Souza passou a conexão para Davi Rocha');

  await page.goto(`/connections/${before.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Davi Rocha');
  for (const channel of ['Loja Aurora', 'Aurora Outlet', '@loja.aurora']) {
    expect((await sim.event(channel, 'message')).status, `${channel} still receives`).toBe(200);
  }
});

test('the account that stayed keeps the former person’s access, and shows when that ends', async ({ desk, sim }) => {
  const { api } = await desk('ana');
  await give(sim);
  const { id } = await what(api, 'Ana Souza');
  const renewal = await api.start(id);
  await api.grantAtMeta(renewal, sim, 'Davi Rocha', ['Loja Aurora']);
  await api.step('exchange', renewal);
  const handed = await api.step('hand_over', renewal);
  await api.choose(renewal, handed.accounts.filter(({ selected }) => selected).map(({ value }) => value));
  await api.step('prove', renewal);
  await api.step('finish', renewal);

  await sim.invalidate({ person: 'Ana Souza' });
  await sim.advance('26h');
  const health = async () => {
    const { channels } = await api.connection('Davi Rocha');
    return Object.fromEntries(channels.map(({ name, handle, status }) => [handle ?? name, status]));
  };
  await expect.poll(health).toEqual({ '@loja.aurora': 'healthy', 'Loja Aurora': 'healthy', 'Aurora Outlet': 'revoked' });
});

test('handed over without JavaScript', async ({ desk, sim }) => {
  const { page, api } = await desk('ana', { javaScriptEnabled: false });
  await give(sim);
  const before = await what(api, 'Ana Souza');
  await page.goto(`/integrations/meta/renewals/${await api.start(before.id)}`);
  const wizard = new Wizard(page);
  await wizard.button('Entrar com o Facebook').click();
  await new Dialog(page).grantAs('Davi Rocha');
  await wizard.isAt('waiting', 'loggedIn');
  await wizard.button('Continuar').click();
  await wizard.isAt('logIn', 'problem');
  await wizard.button(HAND_OVER).click();
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.row('Aurora Outlet')).toContainText('Fica como está');
  await wizard.goOn();
  await wizard.finish();
  expect(await what(api, 'Davi Rocha')).toEqual(before);
});

test('declined, the connection stays Ana’s: she logs in herself', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  await give(sim);
  const before = await what(api, 'Ana Souza');
  const wizard = await Wizard.open(page, await api.start(before.id));
  await (await wizard.openMeta()).grantAs('Davi Rocha');
  await expect(wizard.button(HAND_OVER)).toBeVisible();
  await wizard.logIn('Ana Souza', 'Tentar de novo');
  await expect(wizard.region).toContainText('Quem entrou: Ana Souza');
  await wizard.goOn();
  await wizard.finish();
  expect(await what(api, 'Ana Souza')).toEqual(before);
});

test('nobody is offered a connection that they share no account with, or have already', async ({ desk, sim, watch }) => {
  watch.allow(/status of 409/);
  const { page, api } = await desk('ana');
  const before = await what(api, 'Ana Souza');
  const wizard = await Wizard.open(page, await api.start(before.id));
  await (await wizard.openMeta()).grantAs('Davi Rocha');
  await wizard.isAt('logIn', 'problem');
  await expect(wizard.region.getByRole('button', { name: /Passar a conexão/ })).toHaveCount(0);
  expect((await api.send('hand_over', { renewal_id: wizard.renewal })).status(), 'nor can it be asked for').toBe(409);

  // Elisa shares a Page, and has a connection of her own in this organization.
  await sim.setPages([{ name: 'Loja Aurora', people: ['Ana Souza', 'Elisa Prado'] }]);
  await (await wizard.openMeta('Tentar de novo')).grantAs('Elisa Prado', { and: ['Loja Aurora'] });
  await wizard.isAt('logIn', 'problem');
  await wizard.button('Passar a conexão para Elisa Prado').click();
  await expect(wizard.problem.filter({ hasText: 'já tem uma conexão nesta organização' })).toBeVisible();
  expect(await what(api, 'Ana Souza')).toEqual(before);
});
