// More people than the demo has: two administrators of one organization, a forgotten password.

import { addAdministrator, linkForPassword } from '../support/command.js';
import { remember } from '../support/secrets.js';
import { Wizard } from '../support/screens.js';
import { Sim } from '../support/sim.js';
import { expect, test } from '../support/test.js';

test('another administrator takes an open renewal over; a lost password is replaced', async ({ desk, another, watch }) => {
  watch.allow(/status of 409/);
  const renova = await another();
  const sim = new Sim(renova);
  const gil = { email: 'gil@aurora.example', first: 'the-first-password', second: 'a-second-password' };
  remember(gil.second);
  await addAdministrator(renova, 'aurora', { email: gil.email, name: 'Gil Nunes', password: gil.first });

  const ana = await desk(undefined, { at: renova });
  await ana.api.send('login', { email: 'ana@aurora.example', password: 'renova-demo' });
  const { id, connection } = await ana.api.renewalAt('exchanged', sim, 'Ana Souza');
  const hers = await Wizard.open(ana.page, id);
  await hers.isAt('accounts', 'accounts');

  // Gil has forgotten his password: a link, once.
  const { page, api } = await desk(undefined, { at: renova });
  const link = await linkForPassword(renova, gil.email);
  await page.goto(link);
  await page.getByLabel('Nova senha').fill(gil.second);
  await page.getByRole('button', { name: 'Salvar senha' }).click();
  await expect(page.getByText('Senha salva. Entre com ela.')).toBeVisible();
  const enter = async (password: string) => {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(gil.email);
    await page.getByLabel('Senha', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  };
  await enter(gil.first);
  await expect(page.getByRole('alert')).toContainText('E-mail ou senha não conferem');
  await enter(gil.second);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Resumo');
  await page.goto(link);
  await page.getByLabel('Nova senha').fill('a-third-password');
  await page.getByRole('button', { name: 'Salvar senha' }).click();
  await expect(page.getByRole('alert'), 'a link works once').toContainText('já foi usado ou venceu');

  // Hers is told to him, not opened by him.
  expect((await api.send('start_renewal', { connection_id: connection })).status()).toBe(409);
  await page.goto(`/integrations/meta?connection=${connection}`);
  await expect(page.locator('main')).toContainText('Ana Souza está fazendo esta renovação agora.');
  const watching = await Wizard.open(page, id);
  await expect(watching.heading).toHaveText('Em andamento com outra pessoa');
  for (const step of ['exchange', 'finish', 'cancel']) {
    expect((await api.send(step, { renewal_id: id })).ok(), step).toBe(false);
  }
  expect((await ana.api.renewal(id)).state).toBe('exchanged');

  await watching.button('Assumir a renovação').click();
  await new Wizard(page).isAt('logIn', 'start');
  await expect(hers.heading, 'hers says so by itself').toHaveText('Outra pessoa assumiu');
  expect(await ana.api.generation(connection)).toBe(1);
});
