// Connecting for the first time, disconnecting, and the story options.

import { banner, live, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

test('another person’s accounts become a connection of their own', async ({ desk }) => {
  const { page, api } = await desk('clara');
  await page.goto('/integrations/meta');
  await page.getByRole('button', { name: 'Conectar outra conta' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conectar Instagram e Messenger');
  await page.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await live(page);
  await (await wizard.openMeta()).grantAs('Fábio Reis');
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.region).toContainText('Quem entrou: Fábio Reis');
  for (const name of ['Aurora Casa', '@aurora.casa']) {
    const account = wizard.region.getByRole('listitem').filter({ hasText: name });
    await expect(account.first()).toContainText('Nova');
    await expect(account.first().getByRole('checkbox')).toBeChecked();
  }
  expect(await api.connections(), 'nothing is stored yet').toHaveLength(1);
  await wizard.goOn();
  await wizard.finish();
  await expect(wizard.region).toContainText('A conexão está funcionando.');
  const added = await api.connection('Fábio Reis');
  expect(added.status).toBe('healthy');
  expect(await api.generation(added.id)).toBe(1);
  expect((await api.connection('Clara Lima')).status, 'hers is as it was').toBe('expires_soon');
});

test('who is connected already is renewed, not doubled', async ({ desk }) => {
  const { page, api } = await desk('clara');
  const { id: connection } = await api.connection('Clara Lima');
  const wizard = await Wizard.open(page, await api.start());
  await wizard.logIn('Clara Lima');
  await expect(wizard.region.getByRole('listitem').filter({ hasText: '@cafe.boreal' })).toContainText('Continua');
  await wizard.goOn();
  await wizard.finish();
  const connections = await api.connections();
  expect(connections.map(({ id }) => id)).toEqual([connection]);
  expect(await api.generation(connection)).toBe(2);
});

test('somebody without any Page: the likely causes, and another try', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const wizard = await Wizard.open(page, await api.start());
  await (await wizard.openMeta()).grantAs('Davi Rocha');
  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.problem).toContainText('não administra a Página');
  await expect(wizard.problem).toContainText('portfólio empresarial');
  await expect(wizard.button('Continuar')).toHaveCount(0);

  // He is given the Page meanwhile.
  await sim.setPages([{ name: 'Café Boreal', people: ['Clara Lima', 'Davi Rocha'] }]);
  await (await wizard.openMeta('Escolher de novo')).grant({ and: ['Café Boreal'] });
  await expect(wizard.region.getByRole('checkbox', { name: /Café Boreal/ }).first()).toBeChecked();
});

test('a Page that cannot be used stays visible, with the reason', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  await sim.setPages([
    { name: 'Aurora Kids', people: [{ person: 'Ana Souza', tasks: ['ANALYZE'] }] },
    { name: 'Aurora Sul', people: ['Ana Souza'], token_withheld: true },
  ]);
  const id = await api.start((await api.connection('Ana Souza')).id);
  const wizard = await Wizard.open(page, id);
  const dialog = await wizard.openMeta();
  await dialog.logInAs('Ana Souza');
  await dialog.button('Editar configurações').click();
  for (const name of ['Aurora Kids', 'Aurora Sul']) await dialog.page.getByRole('checkbox', { name }).check();
  await dialog.button('Continuar').click();
  await dialog.button('Concluir').click();
  await wizard.isAt('accounts', 'accounts');
  for (const [name, reason] of [
    ['Aurora Kids', 'não inclui mensagens'],
    ['Aurora Sul', 'não liberou o acesso a esta Página'],
  ] as const) {
    const account = wizard.region.getByRole('listitem').filter({ hasText: name });
    await expect(account).toContainText('Não pode ser usada');
    await expect(account).toContainText(reason);
    await expect(account.getByRole('checkbox')).toHaveCount(0);
  }
});

test('a connection is ended by typing its name', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id } = await api.connection('Elisa Prado');
  await page.goto(`/integrations/meta?connection=${id}`);
  const form = page.locator('details').filter({ hasText: 'Desconectar Elisa Prado' });
  const confirm = async (name: string) => {
    await form.getByLabel('Para confirmar, digite Elisa Prado').fill(name);
    await form.getByRole('button', { name: 'Desconectar Elisa Prado' }).click();
  };
  await form.locator('summary').click();
  await confirm('Elisa');
  // Told where it was asked for, and still open there.
  await expect(form.getByRole('alert')).toContainText('O nome digitado não é igual.');
  expect((await api.connection('Elisa Prado')).id).toBe(id);

  await confirm('Elisa Prado');
  await expect(page.getByText('Conexão desconectada.')).toBeVisible();
  expect((await api.connections()).map(({ name }) => name).sort()).toEqual(['@aurora.kids', 'Ana Souza', 'Fábio Reis']);
  const asked = (await sim.calls()).filter(({ method, path }) => method === 'DELETE' && path.endsWith('/subscribed_apps'));
  expect(asked, 'the Page stops delivering to us').toHaveLength(1);
  await page.goto('/');
  await expect(banner(page)).toHaveAttribute('data-count', '1');
});

test('the two story options: the words of the source, kept through a renewal, said when off', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.connection('Clara Lima');
  const mentions = page.getByRole('checkbox', {
    name: 'Receber mensagem quando esta conta for mencionada em um story',
    exact: true,
  });
  const replies = page.getByRole('checkbox', { name: 'Receber respostas e reações aos seus stories', exact: true });
  await page.goto(`/integrations/meta?connection=${id}`);
  await expect(mentions).toBeChecked();
  await expect(replies).toBeChecked();
  await mentions.uncheck();
  await page.getByRole('button', { name: 'Salvar opções' }).click();
  await expect(page.getByText('Opções salvas.')).toBeVisible();

  const { id: renewal } = await api.renewalAt('proved', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, renewal);
  await wizard.isAt('proof', 'proof');
  const line = wizard.region.getByRole('listitem').filter({ hasText: 'mencionada em um story' });
  await expect(line).toContainText(/Desligado.* em Café Boreal/);
  await wizard.finish();
  const [instagram] = (await api.connection('Clara Lima')).channels.filter(({ handle }) => handle);
  expect(instagram).toMatchObject({ story_mentions: false, story_replies: true });

  await page.goto(`/integrations/meta?connection=${id}`);
  await mentions.check();
  await page.getByRole('button', { name: 'Salvar opções' }).click();
  await expect(page.getByText('Opções salvas.')).toBeVisible();
  await page.goto(`/integrations/meta?connection=${id}`);
  await expect(mentions).toBeChecked();
});

test('the integration screen: prerequisites in the order of the source, remarks folded', async ({ desk }) => {
  const { page, api } = await desk('clara');
  await page.goto(`/integrations/meta?connection=${(await api.connection('Clara Lima')).id}`);
  const wanted = [
    'Acesso à conta na plataforma',
    'Perfil Administrador',
    'Conta comercial',
    'Gerenciador de Negócios',
    'Messenger da Página ativo',
    'Instagram integrado à Página',
    'Acesso a mensagens permitido',
  ];
  const items = page.getByRole('listitem').filter({ hasText: /Confirmado em|Vamos verificar depois do login|Problema:/ });
  await expect(items).toHaveCount(wanted.length);
  for (const [index, text] of wanted.entries()) await expect(items.nth(index)).toContainText(text);
  const start = page.getByRole('button', { name: 'Iniciar', exact: true });
  const [last, button] = await Promise.all([items.last().boundingBox(), start.boundingBox()]);
  expect(last!.y, 'they stand above the button').toBeLessThan(button!.y);
  const remarks = page.getByText('A autorização precisa ser renovada a cada 60 dias.');
  await expect(remarks).toBeHidden();
  await page.getByText('Observações importantes').click();
  await expect(remarks).toBeVisible();
});
