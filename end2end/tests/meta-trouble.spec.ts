// Meta is down or answers nonsense, at every call: a clear message, a way on, nothing lost.

import { expect, test } from '../support/test.js';
import { Wizard } from '../support/screens.js';

/** Until it is taken away again. */
const ALWAYS = 99;
/** What is Meta's own trouble: waiting helps. */
const METAS_TROUBLE = [
  'unknown_trouble',
  'meta_unreachable',
  'meta_malformed',
  'meta_http_status',
];
const FAULTS = ['http_500', 'html', 'truncated', 'reset', 'empty', 'wrong_type'];

const BEFORE_THE_CHOICE = [
  ['the code', '/oauth/access_token?code', 'http_500'],
  ['the long-lived token', '/oauth/access_token?grant_type=fb_exchange_token', 'html'],
  ['what is known of the token', '/debug_token', 'truncated'],
  ['the person', '/me', 'reset'],
  ['the Pages', '/me/accounts', 'html_502'],
] as const;

for (const [what, path, shown] of BEFORE_THE_CHOICE) {
  test(`trouble when asked for ${what}`, async ({ desk, sim }) => {
    const { page, api } = await desk('clara');
    const { id, connection } = await api.renewalAt('started', sim, 'Clara Lima');
    const before = await api.connection('Clara Lima');

    for (const fault of FAULTS) {
      await test.step(fault, async () => {
        await api.logInAtMeta(id, sim, 'Clara Lima');
        await sim.fail({ on: `graph:${path}`, fault, times: ALWAYS });
        const answer = await api.send('exchange', { renewal_id: id });
        expect(answer.status()).toBeLessThan(500);
        const { state, problem } = await api.renewal(id);
        expect([state, METAS_TROUBLE]).toEqual(['failed', expect.arrayContaining([problem?.code])]);
        await sim.repair();
      });
    }

    await sim.fail({ on: `graph:${path}`, fault: shown, times: ALWAYS });
    const wizard = await Wizard.open(page, id);
    await (await wizard.openMeta('Tentar de novo')).reconnectAs('Clara Lima');
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText('A Meta não respondeu como deveria.');
    await expect(wizard.problem).toContainText('A conexão antiga continua valendo.');
    expect(await api.generation(connection)).toBe(1);
    expect({ ...(await api.connection('Clara Lima')), open_renewal: null }).toEqual({ ...before, open_renewal: null });

    await sim.repair();
    await wizard.logIn('Clara Lima', 'Tentar de novo');
    await wizard.goOn();
    await wizard.finish();
    expect(await api.generation(connection)).toBe(2);
  });
}

const PROOF = [
  ['the permissions', 'graph:/me/permissions', 'GET', 'permissions'],
  ['the subscription', 'graph:/{id}/subscribed_apps', 'GET', 'subscription'],
  ['a live read', 'graph:/104857602341987', 'GET', 'live_read'],
] as const;

for (const [what, on, method, item] of PROOF) {
  test(`trouble when the proof asks for ${what}: open, not lost`, async ({ desk, sim }) => {
    const { page, api } = await desk('clara');
    const { id, connection } = await api.renewalAt('exchanged', sim, 'Clara Lima');
    const accounts = (await api.renewal(id)).accounts.map(({ value }) => value);
    for (const fault of FAULTS) {
      await test.step(fault, async () => {
        await sim.fail({ on, method, fault, times: ALWAYS });
        await api.choose(id, accounts);
        const { state, proof } = await api.step('prove', id);
        expect(state).toBe('proved');
        expect(proof.find((line) => line.item === item)?.verdict).toBe('open');
        await sim.repair();
      });
    }
    const wizard = await Wizard.open(page, id);
    await wizard.isAt('proof', 'proof');
    await expect(wizard.region).toContainText('Ainda há pontos em aberto. Você pode finalizar mesmo assim');
    expect(await api.generation(connection)).toBe(1);
    await wizard.finish();
    expect(await api.generation(connection)).toBe(2);
  });
}

test('Meta does not answer at all: the wizard says what it does, then what to do', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id, connection } = await api.renewalAt('started', sim, 'Clara Lima');
  await sim.fail({ on: 'graph:/oauth/access_token?code', fault: 'timeout' });
  const wizard = await Wizard.open(page, id);
  await (await wizard.openMeta()).reconnectAs('Clara Lima');
  await expect(wizard.region.getByRole('status')).toHaveText('Lendo as contas liberadas…');
  await expect(wizard.heading).toHaveText('Não foi desta vez', { timeout: 25_000 });
  await expect(wizard.problem).toContainText('A Meta não respondeu como deveria.');
  expect(await api.generation(connection)).toBe(1);
});

test('Meta refuses the code: another log-in is offered', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('started', sim, 'Clara Lima');
  await sim.fail({ on: 'graph:/oauth/access_token?code', fault: 'error', code: 100, subcode: 36009 });
  const wizard = await Wizard.open(page, id);
  await (await wizard.openMeta()).reconnectAs('Clara Lima');
  await wizard.isAt('logIn', 'problem');
  await expect(wizard.problem).toContainText('Este login já foi usado ou venceu.');
  await expect(wizard.button('Tentar de novo')).toBeEnabled();
});

test('our own server out of reach: said, nothing lost, and it goes on by itself', async ({ desk, sim, watch }) => {
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  const { page, api, context } = await desk('clara');
  const { id } = await api.renewalAt('proved', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('proof', 'proof');
  await context.setOffline(true);
  await wizard.button('Finalizar').click();
  await expect(wizard.problem).toContainText('Sem conexão com o servidor. Nada se perdeu');
  await context.setOffline(false);
  await wizard.finish();
});

test('what Meta left open is asked again on request', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id, connection } = await api.renewalAt('exchanged', sim, 'Clara Lima');
  await sim.fail({ on: 'graph:/me/permissions', fault: 'http_500', times: 1 });
  await api.choose(id, (await api.renewal(id)).accounts.map(({ value }) => value));
  await api.step('prove', id);
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('proof', 'proof');
  await wizard.button('Verificar de novo').click();
  await expect(wizard.button('Verificar de novo')).toHaveCount(0);
  await wizard.finish();
  expect(await api.generation(connection)).toBe(2);
});
