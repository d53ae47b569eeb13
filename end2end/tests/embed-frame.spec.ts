// The built frame in a host's page, against a server that answers as each test wants it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type FrameLocator, type Page, test as base, expect } from '@playwright/test';
import { alerts, ANA, ELISA, renewalView, startView } from '../support/answers.js';
import { takesClicks } from '../support/embed.js';
import { HostSite } from '../support/hosts.js';
import { hearing, type Messages } from '../support/messages.js';
import { root } from '../support/places.js';
import { type Functions, StubRenova } from '../support/stub-renova.js';

const HOST = (renova: string) => `<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>Host</title>
  <meta name="viewport" content="width=device-width">
  <style>:root { color-scheme: light dark } body { font-family: serif; margin: 16px }</style>
  <script type="module">
    import '${renova}/embed/renova.js';
    window.heard = [];
    for (const type of ['ready', 'step', 'finished', 'closed', 'failed', 'counts'])
      addEventListener(type, (event) => event.detail && window.heard.push([type, event.detail]));
    let asked = 0;
    const name = location.hash.slice(1);
    const element = Object.assign(document.createElement(name), {
      theme: new URLSearchParams(location.search).get('theme') ?? 'auto',
      fetchSession: async () => ({ token: 'es_' + ++asked, embed_id: 'org' }),
    });
    document.querySelector('main').append(element);
  </script></head><body><main><h1>Host</h1></main></body></html>`;

interface Stage {
  stub: StubRenova;
  renova: HostSite;
  host: HostSite;
  open: (element: string, query?: string) => Promise<FrameLocator>;
  heard: () => Promise<[string, unknown][]>;
}

/** A host's page, and a Renova with these answers. */
async function stage(page: Page, functions: Functions): Promise<Stage> {
  let origin = '';
  const [stub, renova] = await StubRenova.start(functions, () => origin);
  const host = await HostSite.start({ '/': () => ({ body: HOST(renova.origin) }) });
  origin = host.origin;
  page.once('close', () => void Promise.all([renova.stop(), host.stop()]));
  return {
    stub,
    renova,
    host,
    open: async (element, query = '') => {
      await page.goto(`${origin}/${query}#${element}`);
      return page.frameLocator(`${element} > iframe`);
    },
    heard: () => page.evaluate(() => window.heard),
  };
}

const test = base.extend<{ messages: Messages; onStage: (functions: Functions) => Promise<Stage> }>({
  messages: [hearing, { auto: true }],
  onStage: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await use((functions) => stage(page, functions));
    // A session that is over answers 401: that is meant.
    expect(problems.filter((it) => !/status of 401|status of 404|target origin provided/.test(it))).toEqual([]);
  },
});

test('the banner says what is due, counts it, and speaks the host’s language', async ({ page, onStage }) => {
  const { stub, open, heard } = await onStage({ alerts: ({ locale }) => alerts([ELISA, ANA], locale) });
  const frame = await open('renova-banner');
  const banner = frame.getByRole('region', { name: 'Renovação necessária' });
  await expect(banner).toHaveAttribute('data-count', '2');
  await expect(banner).toContainText('não chegam desde 29/11');
  await expect.poll(heard).toContainEqual(['counts', { total: 2, action_required: 1 }]);
  expect(stub.redeemed).toEqual([{ token: 'es_1', origin: new URL(page.url()).origin, embed_id: 'org' }]);
  const height = (await page.locator('renova-banner > iframe').boundingBox())?.height ?? 0;
  expect(height).toBeGreaterThan(80);

  await page.evaluate(() => document.querySelector('renova-banner')?.setAttribute('locale', 'en'));
  await expect(frame.getByRole('region', { name: 'Renewal needed' })).toBeVisible();
  expect(stub.calls.at(-1)?.locale).toBe('en');
});

test('a session that is over is renewed without a word', async ({ onStage }) => {
  let refusals = 1;
  const { stub, open } = await onStage({
    alerts: ({ locale }) =>
      refusals-- > 0 ? [401, { code: 'session_over', message: '', request_id: '' }] : alerts([ANA], locale),
  });
  const frame = await open('renova-banner');
  await expect(frame.getByRole('region', { name: 'Renovação necessária' })).toBeVisible();
  expect(stub.redeemed).toHaveLength(2);
  expect(stub.calls.map(({ bearer }) => bearer)).toEqual(['ef_1', 'ef_2']);
});

test('first screen, log-in with a number, and the steps that the host hears of', async ({ page, onStage }) => {
  let view = renewalView('started', 3, 1);
  const { stub, open, heard } = await onStage({
    start: ({ locale }) => startView(locale),
    start_renewal: () => 'r1',
    renewal: () => view,
    open_login: () => ({ number: '47' }),
    cancel: () => renewalView('abandoned', 3, 9),
  });
  const frame = await open('renova-wizard');
  const wizard = frame.getByRole('region', { name: 'Renovar conexão' });
  await expect(wizard.getByRole('heading', { level: 1 })).toHaveText('Renovar Elisa Prado');
  await expect(wizard.getByRole('button', { name: 'Iniciar', exact: true })).toHaveCount(1);
  await expect(wizard.getByRole('button', { name: 'Renovar Ana Souza' })).toBeVisible();
  await expect(wizard).toContainText('Problema: Ative o Messenger da Página.');
  await wizard.getByRole('button', { name: 'Iniciar', exact: true }).click();
  const heading = wizard.getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('Entre com o Facebook');
  await expect(heading).toBeFocused();
  expect(stub.calls.find(({ name }) => name === 'start_renewal')?.fields.get('connection_id')).toBe('c2');

  const [window] = await Promise.all([
    page.context().waitForEvent('page'),
    wizard.getByRole('button', { name: 'Entrar com o Facebook' }).click(),
  ]);
  await expect(frame.locator('.login-number')).toHaveText('Na janela que se abriu, toque no número 47');
  const opened = stub.calls.find(({ name }) => name === 'open_login')!.fields;
  expect(opened.get('window')).toBe('popup');
  expect(opened.get('ticket')).toMatch(/^[\w-]{43}$/);
  const address = new URL(window.url());
  expect(address.pathname).toBe('/connect/r1');
  expect(address.searchParams.get('ticket')).toBe(opened.get('ticket'));
  await window.close();

  view = renewalView('awaiting_login', 4, 2);
  await expect(frame.locator('.login-number')).toHaveCount(0);
  view = renewalView('finished', 6, 3);
  await expect(heading).toHaveText('Pronto');
  await wizard.getByRole('button', { name: 'Concluir' }).click();
  await expect.poll(heard).toEqual([
    ['ready', {}],
    ['step', { step: 3, state: 'started' }],
    ['step', { step: 4, state: 'awaiting_login' }],
    ['step', { step: 6, state: 'finished' }],
    ['finished', { connection_id: 'c2' }],
    ['closed', {}],
  ]);
});

test('a renewal that has come back from Meta is shown at once; another administrator’s is taken over', async ({
  onStage,
}) => {
  let view = renewalView('exchanged', 5, 1, { other_owner: 'Bruno' });
  const { stub, open } = await onStage({
    start: ({ locale }) => startView(locale, { resume: 'r1' }),
    renewal: () => view,
    start_renewal: () => {
      view = renewalView('started', 3, 1);
      return 'r2';
    },
  });
  const frame = await open('renova-wizard');
  await expect(frame.getByText('Bruno está fazendo esta renovação agora.')).toBeVisible();
  await frame.getByRole('button', { name: 'Assumir a renovação' }).click();
  await expect(frame.getByRole('heading', { level: 2 })).toHaveText('Entre com o Facebook');
  const fields = stub.calls.find(({ name }) => name === 'start_renewal')!.fields;
  expect([fields.get('take_over'), fields.get('connection_id')]).toEqual(['true', 'c2']);
});

/** A renewal that lacks *Finalizar* only. */
function lastStep(): Functions {
  let view = renewalView('proved', 6, 1, { may_finish: true });
  return {
    start: ({ locale }) => startView(locale, { resume: 'r1' }),
    renewal: () => view,
    finish: () => (view = renewalView('finished', 6, 2)),
  };
}

/** One press of the button: milliseconds after it came in sight, and what became of it. */
interface Press {
  after: number;
  ignored: boolean;
}

test('Finalizar ignores every click until it has been in sight for half a second', async ({ page, onStage }) => {
  const { stub, open } = await onStage(lastStep());
  // Somebody presses it in every single frame that is drawn.
  await page.addInitScript(() => {
    const FINISH = '[data-state=proved] .is-primary';
    const presses: Press[] = ((window as { presses?: Press[] }).presses = []);
    // The last to hear of it knows whether the press got through.
    window.addEventListener('click', ({ target, timeStamp, defaultPrevented }) => {
      const button = (target as Element).closest<HTMLElement & { inSightSince?: number }>(FINISH);
      if (button) presses.push({ after: timeStamp - (button.inSightSince ?? timeStamp), ignored: defaultPrevented });
    });
    const press = () => {
      document.querySelector<HTMLButtonElement>(FINISH)?.click();
      requestAnimationFrame(press);
    };
    if (window !== top) press();
  });
  const frame = await open('renova-wizard');
  await expect(frame.getByRole('heading', { level: 2 })).toHaveText('Pronto');
  expect(stub.calls.filter(({ name }) => name === 'finish')).toHaveLength(1);
  const presses = await frame.locator('body').evaluate(() => (window as { presses?: Press[] }).presses ?? []);
  const [early, late] = [presses.filter(({ after }) => after < 500), presses.filter(({ after }) => after >= 500)];
  expect(early.length).toBeGreaterThan(0);
  expect(early.filter(({ ignored }) => !ignored)).toEqual([]);
  expect(late[0]?.ignored).toBe(false);
});

test('Finalizar out of sight takes no click, in sight again it is pressed by the keyboard', async ({ page, onStage }) => {
  const { stub, open } = await onStage(lastStep());
  const frame = await open('renova-wizard');
  const finish = frame.getByRole('button', { name: 'Finalizar', exact: true });
  await expect.poll(() => finish.evaluate(takesClicks)).toBe(true);
  await page.evaluate(() => (document.querySelector('renova-wizard')!.style.marginTop = '300vh'));
  await expect.poll(() => finish.evaluate(takesClicks)).toBe(false);
  await finish.dispatchEvent('click');
  await page.evaluate(() => (document.querySelector('renova-wizard')!.style.marginTop = ''));
  await expect.poll(() => finish.evaluate(takesClicks)).toBe(true);
  expect(stub.calls.filter(({ name }) => name === 'finish')).toEqual([]);
  await finish.press('Enter');
  await expect(frame.getByRole('heading', { level: 2 })).toHaveText('Pronto');
});

test('what cannot be read is told to the person and to the host', async ({ onStage }) => {
  const { open, heard } = await onStage({
    start: () => [401, { code: 'session_over', message: 'Sua sessão terminou.', request_id: 'x' }],
  });
  const frame = await open('renova-wizard');
  await expect(frame.getByRole('alert')).toContainText('Sua sessão terminou.');
  await expect.poll(heard).toContainEqual(['failed', { code: 'session_over' }]);
});

test('a banner that could not be read counts nothing, says so once, and goes on', async ({ onStage }) => {
  let isWell = false;
  const { stub, open, heard } = await onStage({
    alerts: ({ locale }) => (isWell ? alerts([ELISA], locale) : [404, { code: 'not_found', message: 'x', request_id: 'x' }]),
  });
  const frame = await open('renova-banner');
  const readAgain = () => frame.locator('body').evaluate(() => dispatchEvent(new Event('pageshow')));
  const told = async () => (await heard()).filter(([type]) => type === 'failed' || type === 'counts');
  await expect.poll(told).toEqual([['failed', { code: 'not_found' }]]);
  const before = stub.calls.length;
  await readAgain();
  await expect.poll(() => stub.calls.length).toBeGreaterThan(before);
  // A reading that is under way swallows the next one.
  const toldAfterReading = async () => {
    await readAgain();
    return told();
  };
  const first = [
    ['failed', { code: 'not_found' }],
    ['counts', { total: 1, action_required: 1 }],
  ];
  isWell = true;
  await expect.poll(toldAfterReading).toEqual(first);
  // It was well again: the next failure is news.
  isWell = false;
  await expect.poll(toldAfterReading).toEqual([...first, ['failed', { code: 'not_found' }]]);
});

test('a page that frames it in the name of another hears nothing', async ({ page, onStage, messages }) => {
  messages.expected = ['*'];
  const { stub, renova, host } = await onStage({ start: ({ locale }) => startView(locale) });
  // As if the policy had let it through: then the exact origin of each message is what is left.
  stub.ancestors = '*';
  const src = `${renova.origin}/embed/org/wizard?origin=${encodeURIComponent(host.origin)}`;
  const evil = await HostSite.start({
    '/': () => ({
      body: `<!doctype html><title>x</title><script>window.heard = [];
        addEventListener('message', ({ data }) => window.heard.push(['message', data]));</script>
        <iframe src="${src}"></iframe>`,
    }),
  }, 'evil.localhost');
  await page.goto(`${evil.origin}/`);
  // It has asked for a session, and said how high it is.
  await expect(page.frameLocator('iframe').getByText('Carregando…')).toBeVisible();
  expect(await page.evaluate(() => window.heard)).toEqual([]);
  // Nor does the frame take a session from it.
  await page.evaluate(() =>
    document.querySelector('iframe')?.contentWindow?.postMessage({ source: 'renova', type: 'session', token: 'es_x' }, '*'),
  );
  // By then the frame has had its turn.
  await page.frames().at(-1)?.evaluate(() => new Promise(requestAnimationFrame));
  expect(stub.redeemed).toEqual([]);
  await evil.stop();
});

test('the frame names an origin wherever it sends something', () => {
  const source = readFileSync(join(root, 'embed/src/host.rs'), 'utf8');
  expect(source.match(/post_message\w*\(.*/g)).toEqual(['post_message(&message, &self.shared.origin).ok();']);
});

for (const theme of ['light', 'dark']) {
  for (const width of [320, 1200]) {
    test(`axe finds nothing, and nothing is cut off: ${theme}, ${width} px`, async ({ page, onStage }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme as 'light' | 'dark', reducedMotion: 'reduce' });
      const { open } = await onStage({
        alerts: ({ locale }) => alerts([ELISA, ANA], locale),
        start: ({ locale }) => startView(locale),
      });
      for (const element of ['renova-banner', 'renova-wizard']) {
        const frame = await open(element, `?theme=${theme}&${element}`);
        await expect(frame.getByRole('region').first()).toBeVisible();
        // Tall enough is what the frame says, wide enough what it finds.
        await expect
          .poll(() =>
            frame.locator('html').evaluate((it) => [it.scrollHeight - it.clientHeight, it.scrollWidth - it.clientWidth]),
          )
          .toEqual([0, 0]);
        if (process.env.RENOVA_GALLERY) {
          await page.screenshot({ path: `${process.env.RENOVA_GALLERY}/${element}-${theme}-${width}.png`, fullPage: true });
        }
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
    });
  }
}
