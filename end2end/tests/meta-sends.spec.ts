// What Meta sends by itself: messages, a person who leaves, a subscription that is gone.

import type { Page } from '@playwright/test';
import type { Api } from '../support/api.js';
import { banner, live, looked, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

/** Open, and marked: a reload would lose the mark. */
async function openMarked(page: Page): Promise<void> {
  await page.goto('/');
  await live(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
}

const isMarked = (page: Page) => page.evaluate(() => 'sameDocument' in window);

async function history(api: Api, connection: string): Promise<string[]> {
  return (await api.detail(connection)).history.map(({ text }) => text);
}

test('what arrives for a channel is taken with 200, by each way and also a second time', async ({ sim, desk }) => {
  await desk('ana');
  for (const [channel, event] of [
    ['Loja Aurora', 'message'],
    ['Loja Aurora', 'postback'],
    ['@loja.aurora', 'message'],
    ['@loja.aurora', 'story_mention'],
    ['@loja.aurora', 'story_reply'],
    ['@aurora.kids', 'message'],
    ['Café Boreal', 'reaction'],
  ] as const) {
    const sent = await sim.event(channel, event);
    expect([sent.status, sent.delivered], `${event} of ${channel}: ${sent.reason}`).toEqual([200, true]);
    expect((await sim.replay(sent.number)).status, 'once more').toBe(200);
  }
});

test('Clara removes the app: the banner turns red by itself, the connection says why, and a renewal mends it', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id: connection } = await api.connection('Clara Lima');
  await openMarked(page);
  await expect(banner(page)).toHaveAttribute('data-severity', 'soon');

  const sent = await sim.removeApp({ person: 'Clara Lima' });
  expect(sent.status).toBe(200);
  await expect(banner(page)).toHaveAttribute('data-severity', 'stopped');
  await expect(banner(page)).toContainText(/As mensagens do .+ não chegam desde/);
  expect(await isMarked(page), 'it was not loaded again').toBe(true);
  expect(await history(api, connection)).toContain('A autorização de Clara Lima foi retirada na Meta');
  await page.goto(`/connections/${connection}`);
  await expect(page.locator('main')).toContainText('Autorização retirada em');
  const channel = page.locator('main').getByRole('listitem').filter({ hasText: '@cafe.boreal' }).first();
  await expect(channel).toContainText('O aplicativo foi removido');
  await expect(channel).toContainText('Renove a conexão: entre de novo na janela da Meta.');
  await expect(page.locator('main'), 'nothing is left that would go on').not.toContainText('continua valendo');

  const wizard = await Wizard.open(page, await api.start(connection));
  await (await wizard.openMeta()).grantAs('Clara Lima');
  await wizard.isAt('accounts', 'accounts');
  await wizard.goOn();
  await wizard.finish();
  expect((await api.connection('Clara Lima')).status).toBe('healthy');
});

test('an old removal, sent again after a renewal, changes nothing', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id: connection } = await api.connection('Clara Lima');
  const { number } = await sim.removeApp({ person: 'Clara Lima' });
  await expect.poll(async () => (await api.connection('Clara Lima')).status).toBe('revoked');
  await sim.advance('1m');
  const renewal = await api.start(connection);
  await api.grantAtMeta(renewal, sim, 'Clara Lima', ['Café Boreal']);
  const { accounts } = await api.step('exchange', renewal);
  await api.choose(renewal, accounts.map(({ value }) => value));
  await api.step('prove', renewal);
  await api.step('finish', renewal);
  const before = { card: await api.connection('Clara Lima'), history: await history(api, connection) };
  expect(before.card.status).toBe('healthy');

  await page.goto('/');
  await live(page);
  expect((await sim.replay(number)).status, 'it is signed by Meta').toBe(200);
  await looked(page);
  await expect(banner(page)).toHaveCount(0);
  expect({ card: await api.connection('Clara Lima'), history: await history(api, connection) }).toEqual(before);
  expect((await sim.event('Café Boreal', 'message')).status).toBe(200);
});

test('@aurora.kids removes the app: its own connection stops, the others go on', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  await openMarked(page);
  await expect(banner(page)).toHaveAttribute('data-count', '2');
  expect((await sim.removeApp({ instagram: 'aurora.kids' })).status).toBe(200);
  await expect(banner(page)).toHaveAttribute('data-count', '3');
  await expect(banner(page)).toContainText('@aurora.kids');
  expect(await isMarked(page)).toBe(true);
  const states = Object.fromEntries((await api.connections()).map(({ name, status }) => [name, status]));
  expect(states).toMatchObject({ '@aurora.kids': 'revoked', 'Ana Souza': 'expires_soon', 'Fábio Reis': 'healthy' });
});

test.describe('somebody wants their data deleted', () => {
  test('the connection is gone, and the name with it', async ({ desk, sim }) => {
    const agent = await desk('bruno');
    const { id } = await agent.api.connection('Elisa Prado');
    await agent.api.send('request_renewal', { connection_id: id });
    const { page, api } = await desk('ana');
    await page.goto('/');
    await expect(page.locator('body')).toContainText('Elisa Prado');
    await api.renewalAt('exchanged', sim, 'Elisa Prado');

    // What was authorized a moment ago was authorized before this.
    await sim.advance('1m');
    const answer = await sim.askForDeletion({ person: 'Elisa Prado' });
    expect([answer.status, answer.accepted]).toEqual([200, true]);

    for (const path of ['/', '/integrations/meta', '/integrations/meta?connection=new', '/account']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('body'), path).not.toContainText('Elisa Prado');
      expect(await page.content(), `${path}, in its source`).not.toContain('Elisa Prado');
    }
    await page.goto('/');
    await expect(page.locator('main')).toContainText('Uma conexão foi apagada a pedido da pessoa');
    await expect(banner(page)).toHaveAttribute('data-count', '1');
    const names = (await api.connections()).map(({ name }) => name).sort();
    expect(names).toEqual(['@aurora.kids', 'Ana Souza', 'Fábio Reis']);
    expect((await sim.replay(answer.number)).status, 'asked again').toBe(200);
  });

  test('the person reads what became of it, in their language', async ({ desk, sim, watch }) => {
    watch.allow(/status of 404/);
    const { url, confirmation_code: code } = await sim.askForDeletion({ instagram: 'aurora.kids' });
    for (const [locale, lang, title, label] of [
      ['pt-BR', 'pt-BR', 'Seus dados foram excluídos', 'Código de confirmação'],
      ['en-US', 'en', 'Your data has been deleted', 'Confirmation code'],
      ['es-MX', 'es', 'Tus datos se eliminaron', 'Código de confirmación'],
    ] as const) {
      const { page } = await desk(undefined, { locale });
      expect((await page.goto(url))?.status()).toBe(200);
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.locator('body')).toContainText(`${label}: ${code}`);
      await expect(page.locator('body')).not.toContainText('aurora.kids');
      const invented = await page.goto(url.replace(code, 'f'.repeat(code.length)));
      expect(invented?.status(), 'a code that was never given').toBe(404);
    }
  });
});

test('a lost subscription is there again within a day, and nobody had to do anything', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id } = await api.connection('Ana Souza');
  const before = await sim.subscription('Loja Aurora');
  await sim.subscribe({ page: 'Loja Aurora' }, []);
  await sim.subscribe({ instagram: 'aurora.kids' }, ['messaging_seen']);
  expect((await sim.event('Loja Aurora', 'message')).delivered).toBe(false);
  expect((await sim.event('@aurora.kids', 'message')).delivered).toBe(false);

  await sim.advance('26h');
  await expect.poll(() => sim.subscription('Loja Aurora')).toEqual(expect.arrayContaining(before));
  await expect.poll(async () => (await sim.event('@aurora.kids', 'message')).status).toBe(200);
  for (const channel of ['Loja Aurora', '@loja.aurora']) {
    expect((await sim.event(channel, 'message')).status, channel).toBe(200);
  }
  await expect.poll(() => history(api, id)).toContain('O recebimento de Loja Aurora foi reativado');
  const { id: kids } = await api.connection('@aurora.kids');
  await expect.poll(() => history(api, kids)).toContain('O recebimento de @aurora.kids foi reativado');
  const fields = Object.values((await sim.world()).instagram.subscriptions).flat();
  expect(fields, 'what was there besides is still there').toContain('messaging_seen');
  await page.goto('/');
  await expect(banner(page), 'no renewal is needed for it').toHaveAttribute('data-count', '2');
});
