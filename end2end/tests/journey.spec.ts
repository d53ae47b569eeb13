import { banner, live, Wizard } from '../support/screens.js';
import { expect, logIn, test } from '../support/test.js';

test('Clara renews her only connection, from the log-in to the success', async ({ desk, sim }) => {
  const { page, api } = await desk();
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
  await logIn(page, 'clara');

  await expect(banner(page)).toHaveAttribute('data-severity', 'soon');
  await expect(banner(page)).toContainText('A autorização de Clara Lima vence em 3 dias');
  const change = banner(page).getByRole('button', { name: 'Alterar permissões' });
  await expect(change).toHaveAccessibleDescription(/Clara Lima/);
  await change.click();

  await expect(page).toHaveURL(/\/integrations\/meta\?connection=/);
  const start = page.getByRole('button', { name: 'Iniciar', exact: true });
  await expect(start).toHaveCount(1);
  await start.click();

  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await live(page);
  const connection = (await api.connection('Clara Lima')).id;
  const dialog = await wizard.openMeta();
  await expect(wizard.region.getByRole('status')).toHaveText('Aguardando você entrar no Facebook…');
  await expect(wizard.region).toContainText('Clique em Reconectar; a Meta também pode mostrar Continuar como');
  expect(new URL(dialog.page.url()).hostname, 'Meta is another site').toBe('localhost');
  await dialog.reconnectAs('Clara Lima');
  await expect.poll(() => dialog.page.isClosed(), 'the window closes itself').toBe(true);

  await wizard.isAt('accounts', 'accounts');
  const accounts = wizard.region.getByRole('checkbox', { checked: true });
  await expect(accounts).toHaveCount(2);
  await expect(wizard.region.getByRole('listitem').filter({ hasText: '@cafe.boreal' })).toContainText('Continua');
  const pictures = wizard.region.getByRole('listitem').locator('img');
  await expect(pictures, 'they come after the accounts').toHaveCount(2);
  const widths = () => pictures.evaluateAll((images: HTMLImageElement[]) => images.map((image) => image.naturalWidth));
  await expect.poll(widths, 'they are loaded').toEqual([80, 80]);
  await expect(accounts, 'what is ticked stays').toHaveCount(2);
  expect(await api.generation(connection), 'nothing is replaced yet').toBe(1);
  await wizard.button('Continuar').click();

  await wizard.isAt('proof', 'proof');
  const proof = wizard.region.getByRole('list', { name: 'O que foi conferido' });
  for (const line of [
    'Permissões',
    'Recebimento de mensagens',
    'Leitura de teste',
    'Novas datas',
    'Receber mensagem quando esta conta for mencionada em um story',
    'Receber respostas e reações aos seus stories',
  ]) {
    await expect(proof.getByRole('listitem').filter({ hasText: line })).not.toContainText(/Aguardando|aberto|falta/);
  }
  expect(await api.generation(connection), 'the old token stays until Finalizar').toBe(1);
  await wizard.finish();
  await expect(wizard.region).toContainText('A conexão está renovada.');
  await expect(wizard.region).toContainText('(60 dias)');

  await page.goto('/');
  await live(page);
  await expect(banner(page)).toHaveCount(0);
  expect((await api.alerts()).items).toEqual([]);
  expect((await api.connection('Clara Lima')).id, 'it is the same connection').toBe(connection);
  expect(await api.generation(connection)).toBe(2);
  expect((await sim.calls()).filter(({ host, path }) => host === 'graph' && path.endsWith('/debug_token'))).not.toEqual([]);
});

test('with each renewal the count on the banner of Ana falls, the most urgent first', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/');
  await expect(banner(page)).toHaveAttribute('data-severity', 'stopped');
  await expect(banner(page)).toContainText('2 conexões precisam de você');
  await expect(banner(page)).toContainText(/As mensagens do .+ não chegam desde/);
  await expect(banner(page)).toContainText('A autorização de Ana Souza vence em 5 dias');

  for (const [person, left] of [['Elisa Prado', 1], ['Ana Souza', 0]] as const) {
    await banner(page).getByRole('button', { name: 'Alterar permissões' }).click();
    await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
    const wizard = new Wizard(page);
    await wizard.isAt('logIn', 'start');
    await live(page);
    await expect(wizard.region.getByRole('heading', { level: 1 })).toHaveText(`Renovar ${person}`);
    await wizard.logIn(person);
    await wizard.goOn();
    await wizard.finish();
    if (person === 'Elisa Prado') {
      await expect(wizard.region, 'what may be missing is said').toContainText(/podem não ter chegado/);
    }
    await wizard.button('Concluir').click();
    await expect(page).toHaveURL(/\/\??$/);
    await expect(banner(page)).toHaveCount(left === 0 ? 0 : 1);
  }
});

test('after one renewal the next that calls is offered, with its number', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/');
  await banner(page).getByRole('button', { name: 'Alterar permissões' }).click();
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const wizard = new Wizard(page);
  for (const [person, next] of [['Elisa Prado', 'Ana Souza'], ['Ana Souza', undefined]] as const) {
    await expect(wizard.region.getByRole('heading', { level: 1 })).toHaveText(`Renovar ${person}`);
    await wizard.isAt('logIn', 'start');
    await live(page);
    await wizard.logIn(person);
    await wizard.goOn();
    await wizard.finish();
    const onward = wizard.region.getByRole('button', { name: /^Renovar / });
    await expect(onward).toHaveCount(next ? 1 : 0);
    if (!next) continue;
    await expect(wizard.region).toContainText('Ainda falta renovar: conexão 2 de 2.');
    await expect(onward).toHaveText(`Renovar ${next}`);
    await onward.click();
  }
  await wizard.button('Concluir').click();
  await expect(banner(page)).toHaveCount(0);
});

test('another connection is renewed by its own button', async ({ desk }) => {
  const { page, api } = await desk('ana');
  await page.goto('/integrations/meta');
  await expect(page.getByRole('button', { name: 'Iniciar', exact: true })).toHaveCount(1);
  await page.getByRole('button', { name: 'Renovar Fábio Reis', exact: true }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await expect(wizard.region.getByRole('heading', { level: 1 })).toHaveText('Renovar Fábio Reis');
  expect((await api.connection('Fábio Reis')).open_renewal?.id).toBe(wizard.renewal);
});

test('an account that is not ticked needs a deliberate tick to go', async ({ desk, sim, watch }) => {
  watch.allow(/status of 422/);
  const { page, api } = await desk('ana');
  const { id } = await api.renewalAt('exchanged', sim, 'Ana Souza');
  const wizard = await Wizard.open(page, id);
  await wizard.isAt('accounts', 'accounts');
  const confirmation = wizard.region.getByRole('checkbox', { name: /Entendo que as contas desmarcadas/ });
  await expect(confirmation).toBeHidden();
  await wizard.region.getByRole('checkbox', { name: /Aurora Outlet/ }).uncheck();
  await expect(confirmation).toBeVisible();
  await wizard.button('Continuar').click();
  await expect(wizard.problem).toContainText('confirmação');
  await wizard.isAt('accounts');
  await confirmation.check();
  await wizard.goOn();
  await wizard.finish();
  const { channels } = await api.connection('Ana Souza');
  expect(channels.map((channel) => channel.handle ?? channel.name).sort()).toEqual(['@loja.aurora', 'Loja Aurora']);
});

test('an account that Meta no longer grants is named, with what to do', async ({ desk }) => {
  const { page, api } = await desk('ana');
  const id = await api.start((await api.connection('Ana Souza')).id);
  const wizard = await Wizard.open(page, id);
  await (await wizard.openMeta()).grantAs('Ana Souza', { without: ['Aurora Outlet'] });
  await wizard.isAt('accounts', 'accounts');
  const outlet = wizard.region.getByRole('listitem').filter({ hasText: 'Aurora Outlet' });
  await expect(outlet).toContainText('Não liberada');
  await expect(outlet).toContainText('escolha de novo');
  await expect(outlet.getByRole('checkbox')).toHaveCount(0);

  // Choosing again brings it back.
  const again = await wizard.openMeta('Escolher de novo');
  await again.grant({ and: ['Aurora Outlet'] });
  await expect(outlet).toContainText('Continua');
  await expect(wizard.region.getByRole('checkbox', { name: /Aurora Outlet/ })).toBeChecked();
});

test('a refused permission is asked for again, and blocks until it is given', async ({ desk }) => {
  const { page, api } = await desk('clara');
  const { id: connection } = await api.connection('Clara Lima');
  const wizard = await Wizard.open(page, await api.start(connection));
  const dialog = await wizard.openMeta();
  await dialog.logInAs('Clara Lima');
  await dialog.button('Editar configurações').click();
  await dialog.button('Continuar').click();
  await dialog.page.getByRole('switch', { name: 'Gerenciar e acessar conversas da Página no Messenger' }).uncheck();
  await dialog.button('Concluir').click();
  await wizard.isAt('accounts', 'accounts');
  await wizard.button('Continuar').click();
  await wizard.isAt('proof', 'proof');
  await expect(wizard.region).toContainText('Sem o item marcado como obrigatório, as mensagens não chegariam.');
  await expect(wizard.button('Finalizar')).toBeDisabled();

  const again = await wizard.openMeta('Tentar de novo');
  await again.grant();
  await wizard.isAt('accounts', 'accounts');
  await wizard.goOn();
  await wizard.finish();
  expect(await api.generation(connection)).toBe(2);
});
