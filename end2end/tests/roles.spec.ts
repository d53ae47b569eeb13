// Who may ask for what. Role before look-up: a refusal never tells whether something exists.

import { banner, live } from '../support/screens.js';
import { expect, test } from '../support/test.js';

const INVENTED = '01938f00-0000-7000-8000-000000000000';

/** Changing functions that need an administrator, with the fields that name their object. */
const ADMIN_CALLS = [
  ['start_renewal', 'connection'],
  ['renewal', 'renewal'],
  ['exchange', 'renewal'],
  ['choose', 'renewal'],
  ['prove', 'renewal'],
  ['finish', 'renewal'],
  ['cancel', 'renewal'],
  ['disconnect', 'connection'],
  ['disconnect_channel', 'channel'],
  ['story_options', 'channel'],
] as const;

function fields(name: string, id: string): Record<string, string> {
  switch (name) {
    case 'start_renewal':
      return { connection_id: id };
    case 'disconnect':
      return { connection_id: id, confirm_name: 'Ana Souza' };
    case 'disconnect_channel':
      return { connection_id: INVENTED, channel_id: id, confirm_name: '@loja.aurora' };
    case 'story_options':
      return { channel_id: id, story_mentions: 'true' };
    case 'choose':
      return { renewal_id: id, 'accounts[]': 'messenger:1' };
    default:
      return { renewal_id: id };
  }
}

test.describe('an agent', () => {
  test('is refused every changing function but the request to an administrator', async ({ desk, sim }) => {
    const ana = await desk('ana');
    const { id: renewal, connection } = await ana.api.renewalAt('proved', sim, 'Ana Souza');
    const channel = (await ana.api.connection('Ana Souza')).channels[0]!.id;
    const ids = { renewal, connection, channel };
    const { api } = await desk('bruno');
    for (const [name, kind] of ADMIN_CALLS) {
      for (const id of [ids[kind], INVENTED, 'not-an-id']) {
        const answer = await api.send(name, fields(name, id));
        expect(answer.status(), `${name} ${id}`).toBe(403);
        const body = await answer.json();
        expect(body.code).toBe('forbidden');
        expect(body.message, 'it explains').toMatch(/administrador/);
        expect(body.request_id).toBeTruthy();
      }
    }
    expect((await ana.api.renewal(renewal)).state).toBe('proved');
    expect(await ana.api.generation(connection)).toBe(1);
    for (const name of ['alerts', 'overview']) expect((await api.send(name)).status(), name).toBe(200);
    expect((await api.send('request_renewal', { connection_id: connection })).status()).toBe(200);
  });

  test('sees the explanation instead of the flow', async ({ desk, sim, watch }) => {
    watch.allow(/status of 403/);
    const ana = await desk('ana');
    const { id, connection } = await ana.api.renewalAt('started', sim, 'Ana Souza');
    const { page } = await desk('bruno');
    for (const path of [
      '/integrations/meta',
      `/integrations/meta?connection=${connection}`,
      `/integrations/meta/renewals/${id}`,
      `/integrations/meta/renewals/${INVENTED}`,
      `/connect/${id}?in=tab`,
      `/connect/${INVENTED}`,
      '/review',
      '/settings',
    ]) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(403);
      await expect(page.getByRole('heading', { name: /administradores/ }).first(), path).toBeVisible();
      await expect(page.locator('main'), `${path} names who can`).toContainText('Ana Souza');
      await expect(page.getByRole('button', { name: 'Iniciar', exact: true })).toHaveCount(0);
    }
    expect((await ana.api.renewal(id)).state).toBe('started');
  });

  test('reads what is not working, and alerts an administrator with one click', async ({ desk }) => {
    const { page } = await desk('bruno');
    await page.goto('/');
    await live(page);
    await expect(banner(page)).toContainText('Só um administrador pode renovar a conexão.');
    await expect(banner(page).getByRole('button', { name: 'Alterar permissões' })).toHaveCount(0);
    await expect(page.locator('main')).toContainText('Ana Souza');
    await banner(page).getByRole('button', { name: 'Avisar um administrador' }).click();
    await expect(banner(page)).toContainText('Pedido enviado: os administradores recebem um e-mail.');
    await page.reload();
    await expect(banner(page), 'the server remembers').toContainText('Pedido enviado');
    await expect(page.getByRole('button', { name: 'Avisar um administrador' })).toHaveCount(0);

    const ana = await desk('ana');
    await ana.page.goto('/');
    await expect(ana.page.locator('main')).toContainText('Bruno Alves pediu a renovação de Elisa Prado');
  });

  test('looks at a connection without being able to change it', async ({ desk }) => {
    const { page, api } = await desk('bruno');
    const { id } = await api.connection('Ana Souza');
    expect((await page.goto(`/connections/${id}`))?.status()).toBe(200);
    await expect(page.locator('main')).toContainText('@loja.aurora');
    await expect(page.locator('main').getByRole('button', { name: /Desconectar|Salvar|Iniciar|Renovar/ })).toHaveCount(0);
    expect((await page.goto('/account'))?.status()).toBe(200);
  });
});

test('another organization is out of reach: foreign and invented ids are the same 404', async ({ desk, sim, watch }) => {
  watch.allow(/status of 404/);
  const ana = await desk('ana');
  const { id: renewal, connection } = await ana.api.renewalAt('proved', sim, 'Ana Souza');
  const channel = (await ana.api.connection('Ana Souza')).channels[0]!.id;
  const foreign = { renewal, connection, channel };
  const { page, api } = await desk('clara');
  for (const [name, kind] of ADMIN_CALLS) {
    const said = new Set<string>();
    for (const id of [foreign[kind], INVENTED, 'not-an-id']) {
      const answer = await api.send(name, fields(name, id));
      expect(answer.status(), `${name} ${id}`).toBe(404);
      const { code, message } = await answer.json();
      said.add(`${code}: ${message}`);
    }
    expect(said.size, `${name} answers alike`).toBe(1);
  }
  expect((await api.send('request_renewal', { connection_id: connection })).status()).toBe(404);
  for (const path of [
    `/integrations/meta/renewals/${renewal}`,
    `/integrations/meta/renewals/${INVENTED}`,
    `/integrations/meta?connection=${connection}`,
    `/connections/${connection}`,
    `/connections/${INVENTED}`,
    `/connect/${renewal}?in=tab`,
    '/nowhere',
  ]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.locator('body')).not.toContainText('Ana Souza');
  }
  expect((await api.connections()).map(({ name }) => name)).toEqual(['Clara Lima']);
  expect((await ana.api.renewal(renewal)).state).toBe('proved');
});

test('signed out: pages lead to the log-in and back, functions answer 401', async ({ desk, renova }) => {
  const { page, api } = await desk();
  for (const [path, next] of [
    ['/', ''],
    ['/account', '?next=%2Faccount'],
    ['/integrations/meta?connection=1', '?next=%2Fintegrations%2Fmeta%3Fconnection%3D1'],
    [`/connections/${INVENTED}`, `?next=%2Fconnections%2F${INVENTED}`],
    [`/connect/${INVENTED}`, `?next=%2Fconnect%2F${INVENTED}`],
  ]) {
    const answer = await page.request.get(`${renova.url}${path}`, { maxRedirects: 0, headers: { accept: 'text/html' } });
    expect(answer.status(), path).toBe(303);
    expect(answer.headers().location, path).toBe(`/login${next}`);
  }
  for (const name of [...ADMIN_CALLS.map(([name]) => name), 'alerts', 'overview', 'request_renewal']) {
    const answer = await api.send(name, fields(name, INVENTED));
    expect(answer.status(), name).toBe(401);
    expect((await answer.json()).code).toBe('session_over');
  }
});

test('after the log-in only a page of this site follows', async ({ desk, renova }) => {
  for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
    const { api } = await desk();
    const form = { email: 'clara@boreal.example', password: 'renova-demo', next };
    const answer = await api.send('login', form, { accept: 'text/html' });
    expect(answer.status(), next).toBe(303);
    expect(new URL(answer.headers().location ?? '', renova.url).origin, next).toBe(renova.url);
  }
});

test('log-out ends the session on the server, not only in the browser', async ({ desk, renova }) => {
  const { api, context } = await desk();
  await api.send('login', { email: 'ana@aurora.example', password: 'renova-demo' });
  const [session] = (await context.cookies()).filter(({ name }) => name === 'renova_session');
  expect((await api.send('alerts')).status()).toBe(200);
  await api.send('logout');
  expect((await context.cookies()).filter(({ name }) => name === 'renova_session')).toEqual([]);
  await context.addCookies([{ name: 'renova_session', value: session!.value, url: renova.url }]);
  expect((await api.send('alerts')).status()).toBe(401);
});

test('a changing request must come from our own pages', async ({ desk, sim, renova, watch }) => {
  watch.allow(/status of 403/);
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('proved', sim, 'Clara Lima');
  const refused = async (headers: Record<string, string>) => {
    const answer = await page.request.post(`${renova.url}/api/ui/finish`, {
      form: { renewal_id: id },
      headers: { accept: 'application/json', ...headers },
    });
    expect(answer.status()).toBe(403);
    return (await answer.json()).code as string;
  };
  expect(await refused({})).toBe('origin_required');
  expect(await refused({ origin: renova.metaUrl })).toBe('origin_foreign');
  expect(await refused({ origin: 'null' })).toBe('origin_foreign');
  expect(await refused({ origin: renova.url, 'sec-fetch-site': 'cross-site' })).toBe('origin_foreign');

  // A form on another site, sent by a real browser that has the session.
  await page.goto(`${renova.metaUrl}/_sim/`);
  const answered = page.waitForResponse((response) => response.url() === `${renova.url}/api/ui/finish`);
  await page.evaluate(
    ([action, renewal]) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      form.append(Object.assign(document.createElement('input'), { name: 'renewal_id', value: renewal }));
      document.body.append(form);
      form.submit();
    },
    [`${renova.url}/api/ui/finish`, id] as const,
  ).catch(() => undefined); // The page goes away under the call.
  expect((await answered).status()).toBeGreaterThanOrEqual(300);
  expect((await api.renewal(id)).state, 'nothing was changed').toBe('proved');
});

test('a GET changes nothing', async ({ desk, sim, renova }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('proved', sim, 'Clara Lima');
  for (const name of ['finish', 'cancel', 'logout']) {
    const answer = await page.request.get(`${renova.url}/api/ui/${name}?renewal_id=${id}`, { maxRedirects: 0 });
    expect(answer.ok(), name).toBe(false);
  }
  expect((await api.renewal(id)).state).toBe('proved');
});
