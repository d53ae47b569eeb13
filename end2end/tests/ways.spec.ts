// The two other ways to connect and renew: Instagram Login, and Facebook Login for Business.

import type { Page } from '@playwright/test';
import { banner, INSTAGRAM_STEPS, InstagramDialog, live, looked, Wizard } from '../support/screens.js';
import { Sim } from '../support/sim.js';
import { expect, logIn, test } from '../support/test.js';
import type { Who } from '../support/people.js';

test.describe('Instagram Login', () => {
  test('Ana renews @aurora.kids: the words of Instagram, the wrong account named, the new date', async ({ desk, sim }) => {
    const { page, api } = await desk('ana');
    const { id: connection } = await api.connection('@aurora.kids');
    await page.goto('/integrations/meta');
    await page.getByRole('button', { name: 'Renovar @aurora.kids', exact: true }).click();

    const wizard = new Wizard(page, INSTAGRAM_STEPS);
    await wizard.isAt('logIn');
    await live(page);
    await expect(wizard.heading).toHaveText('Entre com o Instagram');
    await expect(wizard.region).toContainText('Entre com a conta @aurora.kids, a mesma desta conexão.');
    await expect(wizard.region.getByRole('listitem').filter({ hasText: 'Permitir' })).toHaveCount(1);
    await expect(wizard.region, 'nothing of the other way').not.toContainText('Facebook');

    const wrong = await wizard.openInstagram();
    expect(new URL(wrong.page.url()).pathname).toMatch(/^\/ig-www\//);
    await wizard.isAt('waiting', 'waiting');
    await expect(wizard.region.getByRole('status')).toHaveText('Aguardando você entrar no Instagram…');
    await expect(wizard.region).toContainText('Entre com a conta certa e clique em Permitir.');
    await wrong.allowAs('@loja.aurora');
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText('Você entrou como @loja.aurora, mas esta conexão é de @aurora.kids.');
    await expect(wizard.region.getByRole('button', { name: /Passar a conexão/ }), 'it shares no account').toHaveCount(0);
    expect(await api.generation(connection)).toBe(1);

    const right = await wizard.openInstagram('Tentar de novo');
    await right.allowAs('@aurora.kids');
    await wizard.isAt('accounts', 'accounts');
    await expect(wizard.row('@aurora.kids')).toContainText('Continua');
    await wizard.goOn();
    for (const line of ['Permissões', 'Recebimento de mensagens', 'Leitura de teste', 'Novas datas']) {
      await expect(wizard.proof(line)).toContainText('Confirmado');
    }
    expect(await api.generation(connection), 'nothing is replaced before').toBe(1);
    await wizard.finish();
    await expect(wizard.region).toContainText('A conexão está renovada.');
    await expect(wizard.region).toContainText('(60 dias)');

    const renewed = await api.connection('@aurora.kids');
    expect([renewed.id, renewed.status]).toEqual([connection, 'healthy']);
    expect(await api.generation(connection)).toBe(2);
    const hosts = new Set((await sim.calls()).map(({ host }) => host));
    expect(hosts.has('ig-api') && hosts.has('ig-graph'), 'asked at Instagram’s own hosts').toBe(true);
    expect((await sim.event('@aurora.kids', 'message')).status).toBe(200);
  });

  test('disconnected, @aurora.kids is connected anew from its own card', async ({ desk }) => {
    const { page, api } = await desk('ana');
    const { id: former } = await api.connection('@aurora.kids');
    await page.goto(`/integrations/meta?connection=${former}`);
    const wanted = page.getByRole('listitem').filter({ hasText: /Confirmado em|Vamos verificar depois do login/ });
    await expect(wanted, 'nothing of Pages, which Instagram does not know').toHaveText([
      /Acesso à conta na plataforma/, /Perfil Administrador/, /Conta comercial/, /Acesso a mensagens permitido/,
    ]);
    const form = page.locator('details').filter({ hasText: 'Desconectar @aurora.kids' });
    await form.locator('summary').click();
    await form.getByLabel('Para confirmar, digite @aurora.kids').fill('@aurora.kids');
    await form.getByRole('button', { name: 'Desconectar @aurora.kids' }).click();
    await expect(page.getByText('Conexão desconectada.')).toBeVisible();

    await page.goto('/integrations/meta');
    await page.getByRole('button', { name: 'Conectar outra conta' }).click();
    await expect(page).toHaveURL(/connection=new/);
    await page.getByRole('button', { name: 'Conectar com o Instagram' }).click();
    const wizard = new Wizard(page, INSTAGRAM_STEPS);
    await wizard.isAt('logIn');
    await live(page);
    await expect(wizard.region.getByRole('heading', { level: 1 })).toHaveText('Conectar Instagram e Messenger');
    await (await wizard.openInstagram()).allowAs('@aurora.kids');
    await wizard.isAt('accounts', 'accounts');
    await expect(wizard.row('@aurora.kids')).toContainText('Nova');
    await expect(wizard.region.getByRole('checkbox', { name: /@aurora\.kids/ })).toBeChecked();
    await wizard.goOn();
    await wizard.finish();
    await expect(wizard.region).toContainText('A conexão está funcionando.');
    const added = await api.connection('@aurora.kids');
    expect(added.id).not.toBe(former);
    expect(added.channels.map(({ handle }) => handle)).toEqual(['@aurora.kids']);
    expect(added.status).toBe('healthy');
  });

  test('an account that is here by its Page becomes a connection of its own beside that', async ({ desk, sim }) => {
    const { page, api } = await desk('ana');
    const { id: byPage } = await api.connection('Ana Souza');
    await page.goto('/integrations/meta?connection=new');
    await page.getByRole('button', { name: 'Conectar com o Instagram' }).click();
    const wizard = new Wizard(page, INSTAGRAM_STEPS);
    await wizard.isAt('logIn');
    await live(page);
    await (await wizard.openInstagram()).allowAs('@loja.aurora');
    await wizard.isAt('accounts', 'accounts');
    await expect(wizard.row('@loja.aurora')).toContainText('Nova');
    await wizard.goOn();
    await wizard.finish();
    const added = await api.connection('@loja.aurora');
    expect(added.channels.map(({ handle }) => handle)).toEqual(['@loja.aurora']);
    const handles = async () => (await api.connection('Ana Souza')).channels.map(({ handle }) => handle);
    expect(await handles(), 'that one is as it was').toContain('@loja.aurora');
    expect(await api.generation(byPage)).toBe(1);

    expect((await api.send('disconnect', { connection_id: added.id, confirm_name: '@loja.aurora' })).ok()).toBe(true);
    expect(await handles()).toContain('@loja.aurora');
    expect((await sim.event('@loja.aurora', 'message')).status, 'its Page still delivers').toBe(200);
  });

  test('cancelled at Instagram: nothing changes, and there is a way on', async ({ desk }) => {
    const { page, api } = await desk('ana');
    const { id: connection } = await api.connection('@aurora.kids');
    const wizard = await Wizard.open(page, await api.start(connection), INSTAGRAM_STEPS);
    const dialog = await wizard.openInstagram();
    await dialog.button('Cancelar').click();
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText('O login na Meta foi cancelado.');
    await expect(wizard.button('Tentar de novo')).toBeEnabled();
    expect(await api.generation(connection)).toBe(1);
  });

  test('without JavaScript, in one tab', async ({ desk }) => {
    const { page, api } = await desk('ana', { javaScriptEnabled: false });
    const { id: connection } = await api.connection('@aurora.kids');
    await page.goto('/integrations/meta');
    await page.getByRole('button', { name: 'Renovar @aurora.kids', exact: true }).click();
    const wizard = new Wizard(page, INSTAGRAM_STEPS);
    await wizard.button('Entrar com o Instagram').click();
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/ig-www\//);
    await new InstagramDialog(page).allowAs('@aurora.kids');
    await wizard.isAt('waiting', 'loggedIn');
    await wizard.button('Continuar').click();
    await wizard.isAt('accounts', 'accounts');
    await wizard.goOn();
    await wizard.finish();
    expect(await api.generation(connection)).toBe(2);
  });

  test('by keyboard alone', async ({ desk }) => {
    const { page, api } = await desk('ana');
    const { id: connection } = await api.connection('@aurora.kids');
    const wizard = await Wizard.open(page, await api.start(connection), INSTAGRAM_STEPS);
    const press = async (button: ReturnType<Wizard['button']>) => {
      await expect(button).toBeVisible();
      const of = button.page();
      const hasFocus = () => button.evaluate((element) => element === document.activeElement);
      for (let presses = 0; presses < 40 && !(await hasFocus()); presses += 1) await of.keyboard.press('Tab');
      await expect(button).toBeFocused();
      await of.keyboard.press('Enter');
    };
    const opened = page.waitForEvent('popup');
    await press(wizard.button('Entrar com o Instagram'));
    const dialog = new InstagramDialog(await opened);
    await press(dialog.button('@aurora.kids'));
    await press(dialog.button('Permitir'));
    await wizard.isAt('accounts', 'accounts');
    await expect(wizard.heading).toBeFocused();
    await press(wizard.button('Continuar'));
    await wizard.isAt('proof', 'proof');
    await press(wizard.button('Finalizar'));
    await expect(wizard.heading).toHaveText('Pronto');
    expect(await api.generation(connection)).toBe(2);
  });
});

test.describe('Facebook Login for Business', () => {
  const signIn = async (page: Page, who: Who) => {
    await page.goto('/login');
    await logIn(page, who);
    await expect(banner(page)).toBeVisible();
  };

  test('a business’ token: Clara’s connection becomes one that never has to be renewed', async ({ another, desk }) => {
    const renova = await another({ args: ['demo', '--login-config', '900200'], temporary: true });
    const sim = new Sim(renova);
    await sim.setBusinesses([{ name: 'Grupo Norte', people: ['Clara Lima'], owned_pages: [] }]);
    const { page, api } = await desk(undefined, { at: renova });
    await signIn(page, 'clara');
    const before = await api.connection('Clara Lima');

    await banner(page).getByRole('button', { name: 'Alterar permissões' }).click();
    await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
    const wizard = new Wizard(page);
    await wizard.isAt('logIn', 'start');
    await live(page);

    // A business that reaches none of the accounts has nothing to do with this connection.
    const first = await wizard.openMeta();
    await first.logInAs('Clara Lima');
    await first.page.getByRole('radio', { name: 'Grupo Norte' }).check();
    await first.grant();
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText('Você entrou como Grupo Norte, mas esta conexão é de Clara Lima.');
    await expect(wizard.region.getByRole('button', { name: /Passar a conexão/ })).toHaveCount(0);

    const again = await wizard.openMeta('Tentar de novo');
    await again.logInAs('Clara Lima');
    await again.edit();
    await again.page.getByRole('radio', { name: 'Boreal Holding' }).check();
    await again.grant();
    await wizard.isAt('accounts', 'accounts');
    await expect(wizard.region).toContainText('Quem entrou: Boreal Holding');
    await expect(wizard.row('@cafe.boreal')).toContainText('Continua');
    await wizard.goOn();
    await expect(wizard.region).toContainText('Não será mais preciso renovar a cada 60 dias.');
    expect(await api.generation(before.id)).toBe(1);
    await wizard.finish();
    await expect(wizard.region).toContainText('Não será mais preciso renovar a cada 60 dias.');

    const after = await api.connection('Boreal Holding');
    expect([after.id, after.status]).toEqual([before.id, 'healthy']);
    expect(after.channels.map(({ id }) => id).sort()).toEqual(before.channels.map(({ id }) => id).sort());
    await page.goto('/');
    await live(page);
    await expect(banner(page)).toHaveCount(0);
    await page.goto(`/connections/${before.id}`);
    await expect(page.locator('main')).toContainText('Sem data para terminar');
    await page.goto('/');

    await sim.advance('400d');
    // The background work has looked at it since.
    await live(page);
    await looked(page);
    await expect(banner(page)).toHaveCount(0);
    expect((await api.alerts()).items).toEqual([]);
    expect((await api.connection('Boreal Holding')).status).toBe('healthy');
  });

  test('people’s tokens by a configuration: all its permissions or none', async ({ another, desk }) => {
    const renova = await another({ args: ['demo', '--login-config', '900100'], temporary: true });
    const { page, api } = await desk(undefined, { at: renova });
    await signIn(page, 'clara');
    const { id: connection } = await api.connection('Clara Lima');
    const wizard = await Wizard.open(page, await api.start(connection));

    const none = await wizard.openMeta();
    await none.logInAs('Clara Lima');
    await none.edit();
    await none.button('Continuar').click();
    const switches = none.page.getByRole('switch');
    await expect(switches.first()).toBeVisible();
    for (const one of await switches.all()) await expect(one).toBeDisabled();
    await none.cancel();
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText('O login na Meta foi cancelado.');
    expect(await api.generation(connection)).toBe(1);

    await (await wizard.openMeta('Tentar de novo')).grantAs('Clara Lima');
    await wizard.isAt('accounts', 'accounts');
    await expect(wizard.region).toContainText('Quem entrou: Clara Lima');
    await wizard.goOn();
    await expect(wizard.proof('Permissões')).toContainText('Confirmado');
    await wizard.finish();
    await expect(wizard.region).toContainText('(60 dias)');
    expect(await api.generation(connection)).toBe(2);
  });
});
