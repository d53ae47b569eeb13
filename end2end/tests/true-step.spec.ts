// Reload, back, a second tab, a double click, a lost session, a crash: always the true step.

import { Dialog, live, Wizard } from '../support/screens.js';
import { Sim } from '../support/sim.js';
import { expect, logIn, test } from '../support/test.js';

test('a reload at every step lands on the same step', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  await page.goto(`/integrations/meta?connection=${(await api.connection('Ana Souza')).id}`);
  await page.reload();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const wizard = new Wizard(page);
  const reload = async (...place: Parameters<Wizard['isAt']>) => {
    await wizard.isAt(...place);
    await page.reload();
    await live(page);
    await wizard.isAt(...place);
  };
  await reload('logIn', 'start');
  const dialog = await wizard.openMeta();
  await reload('waiting', 'waiting');
  await dialog.reconnectAs('Ana Souza');
  await reload('accounts', 'accounts');
  await wizard.button('Continuar').click();
  await reload('proof', 'proof');
  await wizard.finish();
  await page.reload();
  await expect(wizard.heading).toHaveText('Pronto');
  expect(await sim.tokenCalls()).toBe(2);
});

test('back and forward show where the renewal is, not where it was', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  await page.goto('/');
  await page.getByRole('button', { name: 'Alterar permissões' }).click();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  const id = wizard.renewal;
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Iniciar', exact: true })).toBeVisible();
  await api.logInAtMeta(id, sim, 'Clara Lima');
  await page.goForward();
  await wizard.isAt('accounts', 'accounts');
  await page.goBack();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  await wizard.isAt('accounts', 'accounts');
  expect(wizard.renewal, 'it is the same renewal').toBe(id);
});

test('back from Meta’s page in the same tab', async ({ desk, sim }) => {
  const { page, api } = await desk('clara', { javaScriptEnabled: false });
  const { id } = await api.renewalAt('started', sim, 'Clara Lima');
  await page.goto(`/integrations/meta/renewals/${id}`);
  const wizard = new Wizard(page);
  await wizard.button('Entrar com o Facebook').click();
  await expect(page).toHaveURL(/localhost/);
  await page.goBack();
  await wizard.isAt('waiting', 'waiting');
  await wizard.button('Abrir nesta aba').click();
  await new Dialog(page).reconnectAs('Clara Lima');
  await wizard.isAt('waiting', 'loggedIn');
});

test('two tabs go through one renewal together', async ({ desk, sim }) => {
  const { page, api, context } = await desk('ana');
  const { id, connection } = await api.renewalAt('started', sim, 'Ana Souza');
  const first = await Wizard.open(page, id);
  const second = await Wizard.open(await context.newPage(), id);
  await first.logIn('Ana Souza');
  await second.isAt('accounts', 'accounts');
  await second.goOn();
  await first.isAt('proof', 'proof');
  const buttons = [first, second].map((wizard) => wizard.button('Finalizar'));
  for (const button of buttons) await expect(button).toBeVisible();
  // At once: the slower one would find the button gone.
  await Promise.all(buttons.map((button) => button.evaluate((element: HTMLElement) => element.click())));
  for (const wizard of [first, second]) await expect(wizard.heading).toHaveText('Pronto');
  expect(await api.generation(connection), 'finished once').toBe(2);
  expect(await sim.tokenCalls()).toBe(2);
});

test('a stale tab is told and shown the present', async ({ desk, sim, watch }) => {
  watch.allow(/status of 409/);
  const { page, api } = await desk('ana');
  const { id } = await api.renewalAt('exchanged', sim, 'Ana Souza');
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('accounts', 'accounts');
  // Behind its back the renewal ends; the click meets what is there now.
  await api.step('cancel', id);
  await wizard.button('Continuar').click({ noWaitAfter: true });
  await expect(wizard.heading).toHaveText('Renovação cancelada');
  await expect(wizard.button('Voltar à integração')).toBeVisible();
});

test('a double click on any button has one effect', async ({ desk, sim }) => {
  const { page, api, context } = await desk('clara');
  const { id: connection } = await api.connection('Clara Lima');
  const posted: string[] = [];
  page.on('request', (request) => {
    const name = new URL(request.url()).pathname.split('/').at(-1) ?? '';
    if (request.method() === 'POST' && !['renewal', 'alerts', 'page'].includes(name)) posted.push(name);
  });
  await page.goto(`/integrations/meta?connection=${connection}`);
  await page.getByRole('button', { name: 'Iniciar', exact: true }).dblclick();
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await live(page);
  expect(await api.start(connection), 'one renewal is open').toBe(wizard.renewal);

  const opened = page.waitForEvent('popup');
  await wizard.button('Entrar com o Facebook').dblclick();
  const dialog = new Dialog(await opened);
  await expect(dialog.button('Clara Lima')).toBeVisible();
  expect(context.pages(), 'one window').toHaveLength(2);
  await dialog.reconnectAs('Clara Lima');

  await wizard.isAt('accounts', 'accounts');
  await wizard.button('Continuar').dblclick();
  await wizard.isAt('proof', 'proof');
  await wizard.button('Finalizar').dblclick();
  await expect(wizard.heading).toHaveText('Pronto');

  expect(await sim.tokenCalls(), 'one code, one long-lived token').toBe(2);
  expect(await api.generation(connection), 'one commit').toBe(2);
  const { history } = await api.detail(connection);
  expect(history.filter(({ text }) => text.includes('renovou'))).toHaveLength(1);
  for (const name of ['exchange', 'choose', 'prove', 'finish']) {
    expect(posted.filter((one) => one === name), name).toHaveLength(1);
  }
});

test('a double click without script has one effect too', async ({ desk, sim }) => {
  const { page, api } = await desk('clara', { javaScriptEnabled: false });
  const { id, connection } = await api.renewalAt('proved', sim, 'Clara Lima');
  await page.goto(`/integrations/meta/renewals/${id}`);
  const wizard = new Wizard(page);
  await wizard.button('Finalizar').dblclick();
  await expect(wizard.heading).toHaveText('Pronto');
  expect(await api.generation(connection)).toBe(2);
});

test('the same call ten times at once has one effect', async ({ desk, sim }) => {
  const { api } = await desk('ana');
  const { id: connection } = await api.connection('Ana Souza');
  const ten = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: 10 }, call));
  const ids = await ten(() => api.start(connection));
  expect(new Set(ids).size).toBe(1);
  const id = ids[0]!;
  await api.logInAtMeta(id, sim, 'Ana Souza');
  await ten(() => api.send('exchange', { renewal_id: id }));
  expect(await sim.tokenCalls()).toBe(2);
  const { accounts } = await api.renewal(id);
  await api.choose(id, accounts.map(({ value }) => value));
  await api.step('prove', id);
  await ten(() => api.step('finish', id));
  expect(await api.generation(connection)).toBe(2);
});

test('a session that ends mid-way: log in, same step, selection kept', async ({ desk, sim, watch }) => {
  watch.allow(/status of 401/);
  const { page, api, context } = await desk('ana');
  const { id } = await api.renewalAt('exchanged', sim, 'Ana Souza');
  const before = await api.renewal(id);
  await api.choose(id, before.accounts.filter(({ name }) => name !== 'Aurora Outlet').map(({ value }) => value), true);
  await api.step('prove', id);
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('proof', 'proof');
  await context.clearCookies({ name: 'renova_session' });
  await wizard.button('Finalizar').click();
  await expect(wizard.problem).toContainText(/Sua sessão terminou. Entre de novo/);

  await wizard.button('Entrar de novo').click();
  await expect(page).toHaveURL(/\/login\?next=/);
  await logIn(page, 'ana');
  await expect(page).toHaveURL(new RegExp(`/integrations/meta/renewals/${id}\\??$`));
  await wizard.isAt('proof', 'proof');
  const { accounts } = await api.renewal(id);
  expect(accounts.filter(({ selected }) => selected).map(({ name }) => name)).not.toContain('Aurora Outlet');
  await live(page);
  await wizard.finish();
});

test('ticks survive a reload and a session that ends, until they are chosen', async ({ desk, sim, watch }) => {
  watch.allow(/status of 401/);
  const { page, api, context } = await desk('ana');
  const { id } = await api.renewalAt('exchanged', sim, 'Ana Souza');
  const wizard = await Wizard.open(page, id);
  const outlet = wizard.region.getByRole('checkbox', { name: /^Aurora Outlet/ });
  const keeps = wizard.region.getByRole('checkbox', { name: /^Loja Aurora/ });
  await outlet.uncheck();
  await page.reload();
  await expect(outlet).not.toBeChecked();
  await expect(keeps).toBeChecked();

  await live(page);
  await context.clearCookies({ name: 'renova_session' });
  await wizard.button('Continuar').click();
  await expect(wizard.problem).toContainText(/Sua sessão terminou. Entre de novo/);
  await wizard.button('Entrar de novo').click();
  await logIn(page, 'ana');
  await wizard.isAt('accounts', 'accounts');
  await expect(outlet).not.toBeChecked();
  await expect(keeps).toBeChecked();

  await live(page);
  await wizard.region.getByRole('checkbox', { name: /não/ }).check();
  await wizard.goOn();
  // The server knows them now: what another window chooses is not turned round by what was noted here.
  await api.choose(id, (await api.renewal(id)).accounts.map(({ value }) => value), true);
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
});

test('a renewal that nobody finished within a day ends, and begins anew', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id, connection } = await api.renewalAt('exchanged', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('accounts', 'accounts');
  await sim.advance('25h');
  await expect(wizard.heading).toHaveText('Esta renovação venceu');
  await expect(wizard.region).toContainText('Nada mudou');
  await wizard.button('Voltar à integração').click();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  await wizard.isAt('logIn', 'start');
  expect(wizard.renewal).not.toBe(id);
  expect(await api.generation(connection)).toBe(1);
});

test('one’s own open renewal is resumed from the banner', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id } = await api.renewalAt('proved', sim, 'Ana Souza');
  expect(await api.start((await api.connection('Ana Souza')).id), 'Iniciar opens it again').toBe(id);
  await page.goto('/');
  await page.getByRole('button', { name: 'Retomar renovação' }).click();
  await new Wizard(page).isAt('proof', 'proof');
});

test('a process killed between exchange and finish: the wizard goes on, the old token stays', async ({ desk, another, watch }) => {
  watch.allow(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to fetch/);
  const renova = await another();
  const sim = new Sim(renova);
  const { page, api } = await desk(undefined, { at: renova });
  await page.goto('/login');
  await logIn(page, 'clara');
  await expect(page).toHaveURL(/\/\??$/);

  const { id, connection } = await api.renewalAt('exchanged', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('accounts', 'accounts');
  await renova.killAndRestart();
  expect(await api.generation(connection)).toBe(1);
  expect((await api.connection('Clara Lima')).status).toBe('expires_soon');
  await page.reload();
  await live(page);
  await wizard.isAt('accounts', 'accounts');
  await wizard.goOn();

  await renova.killAndRestart();
  expect(await api.generation(connection)).toBe(1);
  await page.reload();
  await live(page);
  await wizard.isAt('proof', 'proof');
  await wizard.finish();

  await renova.killAndRestart();
  expect(await api.generation(connection), 'what was committed stays').toBe(2);
  expect((await api.connection('Clara Lima')).status).toBe('healthy');
});
