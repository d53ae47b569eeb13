// What Meta gives is less than what was there: declined, half told, held elsewhere, switched off.

import { banner, INSTAGRAM_STEPS, live, looked, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

const MESSAGES = 'Acessar e gerenciar mensagens';
const MENTIONS = 'Receber mensagem quando esta conta for mencionada em um story';
const REPLIES = 'Receber respostas e reações aos seus stories';

test('a permission declined at Instagram blocks until it is given', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id: connection } = await api.connection('@aurora.kids');
  const wizard = await Wizard.open(page, await api.start(connection), INSTAGRAM_STEPS);
  await (await wizard.openInstagram()).allowAs('@aurora.kids', { without: [MESSAGES] });
  await wizard.isAt('accounts', 'accounts');
  await wizard.button('Continuar').click();
  await wizard.isAt('proof', 'proof');
  await expect(wizard.proof('Permissões')).toContainText('Obrigatório, falta');
  await expect(wizard.proof('Permissões')).toContainText('Falta permissão para conversar no Instagram.');
  await expect(wizard.region).toContainText('Sem o item marcado como obrigatório, as mensagens não chegariam.');
  await expect(wizard.button('Finalizar')).toBeDisabled();
  expect(await api.generation(connection)).toBe(1);

  await (await wizard.openInstagram('Tentar de novo')).allowAs('@aurora.kids');
  await wizard.isAt('accounts', 'accounts');
  await wizard.goOn();
  await wizard.finish();
  expect(await api.generation(connection)).toBe(2);
  expect((await sim.event('@aurora.kids', 'message')).status).toBe(200);
});

test('a Page that only a business holds is connected', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id: connection } = await api.connection('Ana Souza');
  const wizard = await Wizard.open(page, await api.start(connection));
  await (await wizard.openMeta()).grantAs('Ana Souza', { and: ['Aurora Express'] });
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.row('Aurora Express')).toContainText('Nova');
  await wizard.region.getByRole('checkbox', { name: /Aurora Express/ }).check();
  await wizard.goOn();
  await wizard.finish();
  const { channels } = await api.connection('Ana Souza');
  expect(channels.find(({ name }) => name === 'Aurora Express')?.status).toBe('healthy');
  expect(channels).toHaveLength(4);
  expect((await sim.event('Aurora Express', 'message')).status).toBe(200);
});

test('the list of a business fails: what is connected stays, and goes on working', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id: connection } = await api.connection('Ana Souza');
  // Connected first, while everything answers.
  const first = await api.start(connection);
  await api.grantAtMeta(first, sim, 'Ana Souza', ['Loja Aurora', 'Aurora Outlet', 'Aurora Express']);
  const { accounts } = await api.step('exchange', first);
  await api.choose(first, accounts.map(({ value }) => value));
  await api.step('prove', first);
  await api.step('finish', first);
  const before = (await api.connection('Ana Souza')).channels.map(({ id }) => id).sort();
  expect(before).toHaveLength(4);

  await sim.fail({ on: 'graph:/{id}/owned_pages', fault: 'http_503', times: 99 });
  const wizard = await Wizard.open(page, await api.start(connection));
  await wizard.logIn('Ana Souza');
  const express = wizard.row('Aurora Express');
  await expect(express).toContainText('Fica como está');
  await expect(express).toContainText('A Meta não mostrou a lista inteira agora. Esta conta continua com o acesso de antes.');
  await expect(express.getByRole('checkbox')).toHaveCount(0);
  await expect(wizard.row('Aurora Outlet')).toContainText('Continua');
  await expect(wizard.region.getByRole('checkbox', { name: /Entendo que as contas/ }), 'nothing is lost').toBeHidden();
  await wizard.goOn();
  await wizard.finish();

  await sim.repair();
  await sim.advance('26h');
  // The background work has had its turn.
  await page.goto('/');
  await live(page);
  await looked(page);
  const { channels, status } = await api.connection('Ana Souza');
  expect(status).toBe('healthy');
  expect(channels.map(({ id }) => id).sort()).toEqual(before);
  expect((await sim.event('Aurora Express', 'message')).status).toBe(200);
});

test('the person’s own list breaks off: what is on the pages that did not come is no loss either', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id: connection } = await api.connection('Ana Souza');
  const outlet = (await sim.world()).pages.find(({ name }) => name === 'Aurora Outlet');
  const others = Array.from({ length: 100 }, (_, index) => `Aurora ${index}`);
  // Behind all the others, it is on the second page of the list.
  await sim.setPages([
    { name: 'Aurora Outlet', removed: true },
    ...others.map((name) => ({ name, people: ['Ana Souza'] })),
    { id: outlet?.id, name: 'Aurora Outlet', people: ['Ana Souza'] },
  ]);
  await sim.setBusinesses([{ name: 'Aurora Comércio', owned_pages: ['Loja Aurora'] }]);
  await sim.fail({ on: 'graph:/me/accounts', fault: 'next_page_fails', times: 99 });
  const renewal = await api.start(connection);
  await api.grantAtMeta(renewal, sim, 'Ana Souza', ['Loja Aurora', 'Aurora Outlet', ...others]);
  await api.step('exchange', renewal);
  const wizard = await Wizard.open(page, renewal);
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.row('Aurora Outlet')).toContainText('Fica como está');
  await expect(wizard.row('@loja.aurora')).toContainText('Continua');
  await wizard.goOn();
  await wizard.finish();
  expect((await api.connection('Ana Souza')).channels).toHaveLength(3);
});

test.describe('a story option that is off at Meta', () => {
  const MESSAGING = ['messages', 'messaging_postbacks', 'messaging_referral', 'messaging_seen'];

  test('at the Page: the proof switches it on again', async ({ desk, sim }) => {
    const { page, api } = await desk('clara');
    const { id } = await api.connection('Clara Lima');
    await sim.subscribe({ page: 'Café Boreal' }, ['messages', 'feed']);
    const wizard = await Wizard.open(page, await api.start(id));
    await wizard.logIn('Clara Lima');
    await wizard.goOn();
    await expect(wizard.proof(REPLIES)).toContainText('Ligado');
    await expect(wizard.proof(MENTIONS)).toContainText('Ligado');
    await wizard.finish();
    expect(await sim.subscription('Café Boreal')).toEqual(expect.arrayContaining(['feed', 'message_reactions', 'messages']));
    expect((await sim.event('@cafe.boreal', 'story_mention')).status).toBe(200);
  });

  test('at the app: open in the proof, named on the integration screen, never a call for a renewal', async ({
    desk,
    sim,
  }) => {
    const { page, api } = await desk('clara');
    const { id } = await api.connection('Clara Lima');
    await sim.setAppFields('instagram', MESSAGING);
    const wizard = await Wizard.open(page, await api.start(id));
    await wizard.logIn('Clara Lima');
    await wizard.goOn();
    await expect(wizard.proof(REPLIES)).toContainText('Em aberto');
    await expect(wizard.proof(REPLIES)).toContainText('Desligado ou ainda não confirmado em Café Boreal');
    await expect(wizard.proof(MENTIONS)).toContainText('Ligado');
    await expect(wizard.region).toContainText('Ainda há pontos em aberto. Você pode finalizar mesmo assim');
    await wizard.finish();
    await expect(wizard.region).toContainText(REPLIES);

    await page.goto(`/integrations/meta?connection=${id}`);
    await expect(page.locator('main')).toContainText('Uma opção de story está desligada');
    const stories = page.getByRole('region', { name: 'Stories de @cafe.boreal' });
    await expect(stories).toContainText('As duas opções estão ligadas aqui, mas a Meta ainda não envia tudo');
    await expect(page.getByRole('checkbox', { name: REPLIES }), 'the platform’s own option stays').toBeChecked();
    await page.goto('/');
    await live(page);
    await expect(banner(page)).toHaveCount(0);

    // Switched on in Meta's dashboard: found at the next look.
    await sim.setAppFields('instagram', [...MESSAGING, 'message_reactions']);
    await sim.advance('26h');
    await expect.poll(async () => (await api.connection('Clara Lima')).status).toBe('healthy');
  });
});
