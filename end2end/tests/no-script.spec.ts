import { banner, Dialog, Wizard } from '../support/screens.js';
import { expect, logIn, test } from '../support/test.js';

test.describe('without JavaScript, under the policy that is shipped', () => {
  const withoutScript = { javaScriptEnabled: false };

  test('the whole journey, in one tab, without a byte of WebAssembly', async ({ desk }) => {
    const { page, api } = await desk(undefined, withoutScript);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('/');
    await expect(page).toHaveURL(/\/login$/);
    await logIn(page, 'clara');
    await expect(banner(page)).toBeVisible();
    const { id: connection } = await api.connection('Clara Lima');

    await banner(page).getByRole('button', { name: 'Alterar permissões' }).click();
    await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
    const wizard = new Wizard(page);
    await wizard.isAt('logIn', 'start');
    await wizard.button('Entrar com o Facebook').click();
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/www\//);
    await new Dialog(page).reconnectAs('Clara Lima');

    await expect(page).toHaveURL(/^http:\/\/127.+\/integrations\/meta\/renewals\//);
    await wizard.isAt('waiting', 'loggedIn');
    await wizard.button('Continuar').click();
    await wizard.isAt('accounts', 'accounts');
    await wizard.goOn();
    expect(await api.generation(connection)).toBe(1);
    await wizard.finish();
    await wizard.button('Concluir').click();
    await expect(page).toHaveURL(/\/\??$/);
    await expect(banner(page)).toHaveCount(0);
    expect(await api.generation(connection)).toBe(2);

    expect(asked.filter((url) => url.endsWith('.wasm'))).toEqual([]);

    await page.getByRole('button', { name: 'Sair' }).click();
    await expect(page).toHaveURL(/\/login/);
  });

  test('a wrong password is told without telling which of the two was wrong', async ({ desk }) => {
    const { page } = await desk(undefined, withoutScript);
    await page.goto('/login?next=%2Fintegrations%2Fmeta');
    for (const email of ['clara@boreal.example', 'nobody@boreal.example']) {
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Senha', { exact: true }).fill('not-the-password');
      await page.getByRole('button', { name: 'Entrar', exact: true }).click();
      await expect(page.getByRole('alert')).toContainText('E-mail ou senha não conferem');
    }
    await logIn(page, 'clara');
    await expect(page, 'what was wanted is still known').toHaveURL(/\/integrations\/meta$/);
  });

  test('cancelled at Meta, then tried again', async ({ desk }) => {
    const { page, api } = await desk('clara', withoutScript);
    const id = await api.start((await api.connection('Clara Lima')).id);
    await page.goto(`/integrations/meta/renewals/${id}`);
    const wizard = new Wizard(page);
    await wizard.button('Entrar com o Facebook').click();
    const dialog = new Dialog(page);
    await dialog.cancel();
    await wizard.isAt('logIn', 'problem');
    await expect(wizard.problem).toContainText('cancelado');
    await wizard.button('Tentar de novo').click();
    await dialog.reconnectAs('Clara Lima');
    await wizard.isAt('waiting', 'loggedIn');
    await wizard.button('Cancelar').click();
    await expect(wizard.heading).toHaveText('Renovação cancelada');
  });

  test('a refused form keeps the step and says why', async ({ desk, sim }) => {
    const { page, api } = await desk('ana', withoutScript);
    const { id } = await api.renewalAt('exchanged', sim, 'Ana Souza');
    await page.goto(`/integrations/meta/renewals/${id}`);
    const wizard = new Wizard(page);
    for (const box of await wizard.region.locator('[name="accounts[]"]').all()) await box.uncheck();
    await wizard.button('Continuar').click();
    await expect(wizard.problem).toContainText('Marque ao menos uma conta');
    await wizard.isAt('accounts', 'accounts');
  });

  test('an agent alerts an administrator', async ({ desk }) => {
    const { page, api } = await desk('bruno', withoutScript);
    await page.goto('/');
    await banner(page).getByRole('button', { name: 'Avisar um administrador' }).click();
    await expect(page.getByText('Pedido enviado: os administradores recebem um e-mail').first()).toBeVisible();
    const { id } = await api.connection('Elisa Prado');
    expect((await api.detail(id)).history[0]?.text).toBe('Bruno Alves pediu a renovação de Elisa Prado');
  });
});
