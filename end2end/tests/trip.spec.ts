// The trip to Meta's log-in and everything that can go differently on it.

import { Dialog, HEADINGS, live, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

test('cancelled in Meta’s window: nothing changes, and there is a way on', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id, connection } = await api.renewalAt('started', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  const dialog = await wizard.openMeta();
  await dialog.cancel();
  await expect.poll(() => dialog.page.isClosed()).toBe(true);
  await wizard.isAt('logIn', 'problem');
  await expect(wizard.problem).toContainText('O login na Meta foi cancelado.');
  expect(await sim.tokenCalls()).toBe(0);
  expect(await api.generation(connection)).toBe(1);
  await wizard.logIn('Clara Lima', 'Tentar de novo');
  await wizard.goOn();
  await wizard.finish();
});

test('refused by Meta: said in plain words, without Meta’s own', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('started', sim, 'Clara Lima');
  await sim.fail({ on: 'www:/dialog/oauth', fault: 'dialog_error_901' });
  const wizard = await Wizard.open(page, id);
  await (await wizard.openMeta()).reconnectAs('Clara Lima');
  await wizard.isAt('logIn', 'problem');
  await expect(wizard.problem).toContainText('A Meta não concluiu o login.');
  await expect(wizard.region).not.toContainText('sandbox');
  await expect(wizard.button('Tentar de novo')).toBeEnabled();
});

test('blocked window: the same tab goes there and back to this step', async ({ desk, sim }) => {
  const { page, api, context } = await desk('clara');
  const { id } = await api.renewalAt('started', sim, 'Clara Lima');
  await context.addInitScript(() => {
    window.open = () => null;
  });
  const wizard = await Wizard.open(page, id);
  await wizard.button('Entrar com o Facebook').click();
  await expect(wizard.problem).toContainText('O navegador bloqueou a janela da Meta.');
  await wizard.button('Abrir nesta aba').click();
  await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/www\//);
  await new Dialog(page).reconnectAs('Clara Lima');
  await expect(page).toHaveURL(new RegExp(`^http://127.+/integrations/meta/renewals/${id}`));
  await wizard.isAt('accounts', 'accounts');
  await live(page);
  await wizard.goOn();
  await wizard.finish();
});

test('closed window: the wizard waits on, opens another one, and can be cancelled', async ({ desk, sim }) => {
  const { page, api, context } = await desk('clara');
  const { id, connection } = await api.renewalAt('started', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  const first = await wizard.openMeta();
  await first.page.close();
  await expect(wizard.region.getByRole('status')).toHaveText('Aguardando você entrar no Facebook…');
  await wizard.isAt('waiting', 'waiting');
  // Asked once more, it still does not conclude anything from the closed window.
  await page.waitForResponse((response) => response.url().endsWith('/api/ui/renewal'));
  await wizard.isAt('waiting', 'waiting');

  const second = await wizard.openMeta('Abrir de novo');
  await second.reconnectAs('Clara Lima');
  await wizard.isAt('accounts', 'accounts');

  await wizard.button('Cancelar').click();
  await expect(wizard.heading).toHaveText('Renovação cancelada');
  expect((await api.renewal(id)).state).toBe('abandoned');
  expect(await api.generation(connection)).toBe(1);
  expect(context.pages()).toHaveLength(1);
});

test('choosing again and leaving it: what was granted before is still there', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('exchanged', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('accounts', 'accounts');

  const closed = await wizard.openMeta('Escolher de novo');
  await closed.page.close();
  await expect(wizard.heading).toHaveText(HEADINGS.waiting);
  await wizard.button('Voltar').click();
  await expect(wizard.heading).toHaveText(HEADINGS.accounts);

  const cancelled = await wizard.openMeta('Escolher de novo');
  await cancelled.logInAs('Clara Lima');
  await cancelled.cancel();
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.problem).toContainText('O login na Meta foi cancelado.');
  await wizard.goOn();
  await wizard.finish();
});

test('cancelled while the window is open: what it brings back is not taken', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('started', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  const dialog = await wizard.openMeta();
  await wizard.button('Cancelar').click();
  await expect(wizard.heading).toHaveText('Renovação cancelada');
  await dialog.reconnectAs('Clara Lima');
  await expect.poll(() => dialog.page.isClosed()).toBe(true);
  expect((await api.renewal(id)).state).toBe('abandoned');
  expect(await sim.tokenCalls()).toBe(0);
});

for (const other of ['Elisa Prado', 'Davi Rocha']) {
  test(`${other} logs in for the connection of Ana Souza: both are named, Ana can try again`, async ({ desk, sim }) => {
    const { page, api } = await desk('ana');
    const { id, connection } = await api.renewalAt('started', sim, 'Ana Souza');
    const wizard = await Wizard.open(page, id);
    const dialog = await wizard.openMeta();
    if (other === 'Davi Rocha') await dialog.grantAs(other);
    else await dialog.reconnectAs(other);
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText(`Você entrou como ${other}, mas esta conexão é de Ana Souza.`);
    expect(await api.generation(connection)).toBe(1);
    expect((await api.renewal(id)).state).toBe('mismatched');

    // Meta asks who it is, although this browser has somebody logged in.
    await wizard.logIn('Ana Souza', 'Tentar de novo');
    await wizard.goOn();
    await wizard.finish();
    expect(await api.generation(connection)).toBe(2);
  });
}

test.describe('links in other hands', () => {
  test('a forwarded start link begins nothing for anybody else', async ({ desk, sim, renova, watch }) => {
    watch.allow(/status of 40[34]/);
    const ana = await desk('ana');
    const { id } = await ana.api.renewalAt('started', sim, 'Ana Souza');
    const link = `${renova.url}/connect/${id}?in=tab`;

    const nobody = await desk();
    await nobody.page.goto(link);
    await expect(nobody.page).toHaveURL(/\/login\?next=%2Fconnect%2F/);

    const stranger = await desk('clara');
    expect((await stranger.page.goto(link))?.status()).toBe(404);

    const agent = await desk('bruno');
    expect((await agent.page.goto(link))?.status()).toBe(403);
    await expect(agent.page.getByRole('heading')).toContainText(/administradores/);

    // Her own browser, but from a page of another site.
    await ana.page.goto(`${renova.metaUrl}/_sim/`);
    await ana.page.evaluate((href) => {
      location.href = href;
    }, link);
    await expect(ana.page.getByRole('heading', { name: 'Comece pelo assistente' })).toBeVisible();

    for (const { context } of [nobody, stranger, agent, ana]) {
      expect((await context.cookies()).filter(({ name }) => name === 'renova_login')).toEqual([]);
    }
    expect((await ana.api.renewal(id)).state).toBe('started');
    expect((await sim.calls()).filter(({ host }) => host === 'www')).toEqual([]);
  });

  test('a forwarded address of Meta’s dialog stores nothing in another browser', async ({ desk, sim, watch }) => {
    watch.allow(/status of 400/);
    const ana = await desk('ana');
    const { id, connection } = await ana.api.renewalAt('started', sim, 'Ana Souza');
    const wizard = await Wizard.open(ana.page, id);
    const dialog = await wizard.openMeta();
    const address = dialog.page.url();
    const before = await ana.api.renewal(id);

    for (const who of [undefined, 'clara', 'ana'] as const) {
      const other = await desk(who);
      await other.page.goto(address);
      await new Dialog(other.page).reconnectAs('Ana Souza');
      await expect(other.page.getByRole('heading', { name: 'Este login foi iniciado em outro lugar' })).toBeVisible();
    }
    expect(await sim.tokenCalls()).toBe(0);
    expect(await ana.api.renewal(id)).toEqual(before);
    expect(before.state).toBe('awaiting_login');

    // Hers still works.
    await dialog.reconnectAs('Ana Souza');
    await wizard.isAt('accounts', 'accounts');
    expect(await ana.api.generation(connection)).toBe(1);
  });

  test('an invented, a used and an old state are refused, and nobody asks Meta', async ({ desk, sim, renova, watch }) => {
    watch.allow(/status of 400/);
    const { page, api } = await desk('clara');
    const { id } = await api.renewalAt('started', sim, 'Clara Lima');
    const refused = async (address: string) => {
      const answer = await page.request.get(address, { headers: { accept: 'text/html' } });
      expect(answer.status(), address).toBe(400);
      expect(await answer.text()).toContain('Este login foi iniciado em outro lugar');
    };
    const callback = `${renova.url}/oauth/facebook/callback`;
    await refused(callback);
    await refused(`${callback}?code=invented`);
    await refused(`${callback}?code=invented&state=invented`);
    await refused(`${callback}?error=access_denied&state=invented`);

    const wizard = await Wizard.open(page, id);
    const dialog = await wizard.openMeta();
    const state = new URL(dialog.page.url()).searchParams.get('state');
    await refused(`${callback}?code=a&code=b&state=${state}`);
    const back = dialog.page.waitForRequest((request) => request.url().startsWith(callback));
    await dialog.reconnectAs('Clara Lima');
    const used = (await back).url();
    await wizard.isAt('accounts', 'accounts');
    const asked = await sim.tokenCalls();
    await refused(used);

    // Another dialog, answered too late.
    const late = await wizard.openMeta('Escolher de novo');
    const lateState = new URL(late.page.url()).searchParams.get('state');
    await sim.advance('11m');
    await refused(`${callback}?code=invented&state=${lateState}`);
    expect(await sim.tokenCalls(), 'no further call to the token endpoint').toBe(asked);
    expect((await api.renewal(id)).state).toBe('exchanged');
  });
});
