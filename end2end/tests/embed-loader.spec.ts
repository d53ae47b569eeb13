// The loader by itself: a host's page, and a stub where Renova's frame would be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FrameLocator, type Page, test as base, expect } from '@playwright/test';
import { HostSite } from '../support/hosts.js';
import { hearing, type Messages } from '../support/messages.js';
import { root } from '../support/places.js';
import type {} from '../../public/embed/renova.js';

const LOADER = readFileSync(join(root, 'public/embed/renova.js'), 'utf8');

/** Does what it is told by buttons, and shows what it hears. */
const FRAME = `<!doctype html><html lang="en"><title>frame</title><main></main><script>
  const host = new URLSearchParams(location.search).get('origin');
  const say = (message) => parent.postMessage({ source: 'renova', ...message }, host);
  addEventListener('message', ({ origin, data }) => {
    const line = document.createElement('p');
    line.textContent = origin + ' ' + JSON.stringify(data);
    document.querySelector('main').append(line);
  });
  for (const [name, message] of Object.entries({
    ask: { type: 'session' },
    grow: { type: 'height', px: 321 },
    count: { type: 'counts', total: 2, action_required: 1 },
    renew: { type: 'renew', connection_id: 'c1' },
    close: { type: 'closed' },
    finish: { type: 'finished', connection_id: 'c1' },
    invent: { type: 'load' },
  })) {
    const button = document.createElement('button');
    button.textContent = name;
    button.onclick = () => say(message);
    document.body.append(button);
  }
  say({ type: 'hello' });
</script>`;

function hostPage(loader: string): string {
  return `<!doctype html><html lang="en"><title>host</title>
    <script type="module">
      import '${loader}';
      window.asked = 0;
      window.heard = [];
      for (const type of ['ready', 'step', 'finished', 'closed', 'failed', 'counts', 'renew', 'load']) {
        addEventListener(type, (event) => {
          if (event instanceof CustomEvent) window.heard.push([type, event.detail]);
        });
      }
      window.element = (name, fields) => {
        const element = document.createElement(name);
        Object.assign(element, { fetchSession: async () => ({ token: 'es_' + ++window.asked, embed_id: 'org 1' }) }, fields);
        document.body.append(element);
      };
    </script>`;
}

declare global {
  interface Window {
    asked: number;
    heard: [string, unknown][];
    element(name: string, fields?: object): void;
  }
}

const test = base.extend<{ messages: Messages; host: Page; renova: HostSite }>({
  messages: [hearing, { auto: true }],
  renova: async ({}, use) => {
    const frame = () => ({ body: FRAME });
    const renova = await HostSite.start(
      {
        '/embed/renova.js': () => ({
          type: 'text/javascript',
          headers: { 'access-control-allow-origin': '*' },
          body: LOADER,
        }),
        '/embed/org%201/banner': frame,
        '/embed/org%201/wizard': frame,
        '/embed/silent/wizard': () => ({ body: '<!doctype html><html lang="en"><title>silent</title>' }),
      },
      'renova.localhost',
    );
    await use(renova);
    await renova.stop();
  },
  host: async ({ renova, page }, use) => {
    const site = await HostSite.start({ '/': () => ({ body: hostPage(`${renova.origin}/embed/renova.js`) }) });
    await page.goto(`${site.origin}/`);
    await page.waitForFunction(() => 'element' in window);
    await use(page);
    await site.stop();
  },
});

function frameOf(page: Page, name: string): FrameLocator {
  return page.frameLocator(`${name} > iframe`);
}

/** Timers run when the test says so. */
async function stopClock(page: Page): Promise<void> {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(3_600_000);
}

async function heard(page: Page): Promise<[string, unknown][]> {
  return page.evaluate(() => window.heard);
}

test('the session is fetched first, names the frame, and is handed over once', async ({ host, renova }) => {
  await host.evaluate(() => window.element('renova-wizard', { locale: 'es', connection: 'c1', appearance: { '--action': 'navy' } }));
  const said = frameOf(host, 'renova-wizard').locator('p');
  const origin = new URL(host.url()).origin;
  await expect(said).toHaveText([
    `${origin} {"source":"renova","type":"update","locale":"es","theme":"auto","appearance":{"--action":"navy"}}`,
    `${origin} {"source":"renova","type":"session","token":"es_1"}`,
  ]);
  const frame = host.locator('renova-wizard > iframe');
  const address = new URL((await frame.getAttribute('src')) ?? '');
  expect(address.origin).toBe(renova.origin);
  expect(Object.fromEntries(address.searchParams)).toEqual({ origin, locale: 'es', theme: 'auto', connection: 'c1' });
  expect(address.href).not.toContain('es_1');
  await expect(frame).toHaveAttribute('title', 'Renovar conexión');

  await frameOf(host, 'renova-wizard').getByRole('button', { name: 'ask' }).dispatchEvent('click');
  await expect(said.last()).toContainText('"token":"es_2"');
});

test('it grows with its content, and tells the host what the contract names', async ({ host }) => {
  await host.evaluate(() => window.element('renova-banner'));
  const frame = frameOf(host, 'renova-banner');
  // Its height is still nothing: it is asked without being seen.
  for (const name of ['grow', 'count', 'invent']) await frame.getByRole('button', { name }).dispatchEvent('click');
  await expect(host.locator('renova-banner > iframe')).toHaveCSS('height', '321px');
  await expect.poll(() => heard(host)).toEqual([['counts', { total: 2, action_required: 1 }]]);
});

test('without another wish of the host’s, renewing opens a dialog that closes itself', async ({ host }) => {
  await host.evaluate(() => window.element('renova-banner'));
  const renew = frameOf(host, 'renova-banner').getByRole('button', { name: 'renew' });
  await renew.dispatchEvent('click');
  const dialog = host.getByRole('dialog', { name: 'Renew connection' });
  await expect(dialog.locator('renova-wizard > iframe')).toHaveAttribute('src', /connection=c1/);
  await frameOf(host, 'renova-wizard').getByRole('button', { name: 'close' }).dispatchEvent('click');
  await expect(dialog).toHaveCount(0);

  await host.evaluate(() => addEventListener('renew', (event) => event.preventDefault()));
  await renew.dispatchEvent('click');
  await expect.poll(async () => (await heard(host)).filter(([type]) => type === 'renew')).toHaveLength(2);
  await expect(dialog).toHaveCount(0);
});

test('one dialog at a time, and none without its banner', async ({ host }) => {
  await host.evaluate(() => window.element('renova-banner'));
  const renew = frameOf(host, 'renova-banner').getByRole('button', { name: 'renew' });
  await renew.dispatchEvent('click');
  await renew.dispatchEvent('click');
  await expect.poll(async () => (await heard(host)).filter(([type]) => type === 'renew')).toHaveLength(2);
  const dialog = host.getByRole('dialog', { name: 'Renew connection' });
  await expect(dialog).toHaveCount(1);
  await host.evaluate(() => document.querySelector('renova-banner')?.remove());
  await expect(dialog).toHaveCount(0);
});

test('the good news stays when a banner with nothing to say is taken away', async ({ host }) => {
  await host.evaluate(() => window.element('renova-banner'));
  await frameOf(host, 'renova-banner').getByRole('button', { name: 'renew' }).dispatchEvent('click');
  const wizard = frameOf(host, 'renova-wizard');
  await wizard.getByRole('button', { name: 'finish' }).dispatchEvent('click');
  await expect.poll(() => heard(host)).toContainEqual(['finished', { connection_id: 'c1' }]);
  await host.evaluate(() => document.querySelector('renova-banner')?.remove());
  const dialog = host.getByRole('dialog', { name: 'Renew connection' });
  await expect(dialog).toHaveCount(1);
  await wizard.getByRole('button', { name: 'close' }).dispatchEvent('click');
  await expect(dialog).toHaveCount(0);
});

test('what others say is not heard', async ({ host, renova }) => {
  await host.evaluate(() => window.element('renova-wizard'));
  await expect(frameOf(host, 'renova-wizard').locator('p')).toHaveCount(2);
  // The host itself, and a frame of Renova's origin that no element has made.
  await host.evaluate(async (address) => {
    postMessage({ source: 'renova', type: 'finished', connection_id: 'x' }, location.origin);
    const other = document.createElement('iframe');
    other.id = 'other';
    other.src = address;
    document.body.append(other);
    await new Promise((loaded) => (other.onload = loaded));
  }, `${renova.origin}/embed/org%201/wizard?origin=${new URL(host.url()).origin}`);
  await host.frameLocator('#other').getByRole('button', { name: 'count' }).dispatchEvent('click');
  await frameOf(host, 'renova-wizard').getByRole('button', { name: 'count' }).dispatchEvent('click');
  await expect.poll(() => heard(host)).toHaveLength(1);
  await expect(host.frameLocator('#other').locator('p')).toHaveCount(0);
});

test('properties set before the module arrives count; a change is told; nothing is left behind', async ({ host }) => {
  await host.evaluate(() => window.element('renova-banner', { theme: 'dark' }));
  const said = frameOf(host, 'renova-banner').locator('p');
  await expect(said.first()).toContainText('"theme":"dark"');
  await host.evaluate(() => document.querySelector('renova-banner')?.update({ locale: 'en', theme: 'light' }));
  await expect(said.last()).toContainText('"locale":"en","theme":"light"');
  expect(await host.evaluate(() => window.asked)).toBe(1);
  await host.evaluate(() => document.querySelector('renova-banner')?.destroy());
  await expect(host.locator('iframe')).toHaveCount(0);
});

test('a session that cannot be fetched is told, and asks for no frame', async ({ host }) => {
  await host.evaluate(() =>
    window.element('renova-wizard', { fetchSession: () => Promise.reject(new Error('signed out')) }),
  );
  await expect.poll(() => heard(host)).toEqual([['failed', { code: 'session_over' }]]);
  await expect(host.locator('iframe')).toHaveCount(0);
});

test('a session that could not be fetched is asked for again, with pauses that grow', async ({ host }) => {
  await stopClock(host);
  await host.evaluate(() => {
    const answers = [null, null, { token: 'es_9', embed_id: 'org 1' }];
    window.element('renova-wizard', { fetchSession: async () => answers[window.asked++] });
  });
  const asked = () => host.evaluate(() => window.asked);
  await expect.poll(() => heard(host)).toEqual([['failed', { code: 'session_over' }]]);
  await host.clock.runFor(4_999);
  expect(await asked()).toBe(1);
  await host.clock.runFor(1);
  await expect.poll(asked).toBe(2);
  await host.clock.runFor(10_000);
  await expect(frameOf(host, 'renova-wizard').locator('p').last()).toContainText('"token":"es_9"');
  expect(await heard(host)).toHaveLength(1);

  // What was waiting for its turn does not come back after the end.
  await host.evaluate(() => {
    window.element('renova-banner', { fetchSession: async () => null });
  });
  await expect.poll(async () => (await heard(host)).length).toBe(2);
  await host.evaluate(() => {
    const banner = document.querySelector('renova-banner')!;
    banner.fetchSession = async () => ({ token: 'es_10', embed_id: 'org 1' });
  });
  await expect(frameOf(host, 'renova-banner').locator('p').last()).toContainText('"token":"es_10"');
  await host.evaluate(() => document.querySelector('renova-banner')?.destroy());
  await host.clock.runFor(60_000);
  await expect(host.locator('renova-banner > iframe')).toHaveCount(0);
});

test('a frame that never speaks is told, and one that is gone is not', async ({ host }) => {
  await stopClock(host);
  await host.evaluate(() => {
    const silent = { fetchSession: async () => ({ token: 'es_1', embed_id: 'silent' }) };
    window.element('renova-wizard', silent);
    window.element('renova-wizard', { ...silent, id: 'gone' });
    window.element('renova-banner');
  });
  await expect(host.locator('iframe')).toHaveCount(3);
  await expect(frameOf(host, 'renova-banner').locator('p')).toHaveCount(2);
  await host.evaluate(() => document.querySelector('#gone')?.remove());
  await host.clock.runFor(15_000);
  await expect.poll(() => heard(host)).toEqual([['failed', { code: 'unreachable' }]]);
});

test('a message to just anybody would be noticed, whoever sends it', async ({ page, messages }) => {
  messages.expected = ['*', '/', 'undefined'];
  const other = await HostSite.start(
    {
      '/frame': () => ({ body: `<script>parent.postMessage('up', '*'); parent.postMessage('up', { targetOrigin: '/' })</script>` }),
      '/window': () => ({ body: `<script>opener.postMessage('back')</script>` }),
    },
    'other.localhost',
  );
  const site = await HostSite.start({
    '/': () => ({
      body: `<button>Open</button><iframe src="${other.origin}/frame"></iframe><script>
        addEventListener('message', ({ source }) => source.postMessage('answer', '*'));
        document.querySelector('iframe').onload = ({ target }) => target.contentWindow.postMessage('down', '*');
        document.querySelector('button').onclick = () => open('${other.origin}/window').postMessage('over', '*');
      </script>`,
    }),
  });
  await page.goto(`${site.origin}/`);
  // Up, to nobody in particular, the answer, and down.
  await expect.poll(() => messages.careless().toSorted()).toEqual(['*', '*', '*', '/']);
  await page.getByRole('button', { name: 'Open' }).click();
  await expect.poll(() => messages.careless().toSorted()).toEqual(['*', '*', '*', '*', '/', 'undefined']);
  await Promise.all([other.stop(), site.stop()]);
});

test('no message of ours goes to just anybody', () => {
  const calls = LOADER.match(/postMessage\([^;]*\)/g) ?? [];
  expect(calls.length).toBeGreaterThan(0);
  for (const call of calls) expect(call).toMatch(/, base\.origin\)/);
});
