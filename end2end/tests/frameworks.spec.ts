// The elements in React, Vue and Svelte: properties arrive, events are heard, and what is taken away is gone.

import { test as base, expect } from '@playwright/test';
import { alerts, ANA, ELISA, renewalView, startView } from '../support/answers.js';
import { bundle } from '../support/frameworks.js';
import { HostSite } from '../support/hosts.js';
import { hearing, type Messages } from '../support/messages.js';
import { StubRenova } from '../support/stub-renova.js';

const test = base.extend<{ messages: Messages }>({ messages: [hearing, { auto: true }] });

declare global {
  interface Window {
    /** How many listeners to messages there are. */
    listeners: number;
  }
}

const page = (renova: string) => `<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>Host</title>
  <script type="module" src="${renova}/embed/renova.js"></script>
  <script type="module" src="/host.js"></script>
  <main id="host"></main>`;

for (const entry of ['react.jsx', 'vue.js', 'svelte.js']) {
  test(entry, async ({ page: tab }) => {
    let origin = '';
    const [stub, renova] = await StubRenova.start(
      {
        alerts: ({ locale }) => alerts([ELISA, ANA], locale),
        start: ({ locale }) => startView(locale, { resume: 'r1' }),
        renewal: () => renewalView('exchanged', 5, 1),
      },
      () => origin,
    );
    let asked = 0;
    const script = await bundle(entry);
    const host = await HostSite.start({
      '/': () => ({ body: page(renova.origin) }),
      '/host.js': () => ({ type: 'text/javascript', body: script }),
      '/renova-session': () => {
        asked += 1;
        return { type: 'application/json', body: JSON.stringify({ token: `es_${asked}`, embed_id: 'org' }) };
      },
    });
    origin = host.origin;
    await tab.addInitScript(() => {
      window.listeners = 0;
      const counted = new Set<unknown>();
      const { addEventListener: add, removeEventListener: remove } = window;
      window.addEventListener = (...[type, ear, how]: Parameters<typeof add>) => {
        if (type === 'message') counted.add(ear);
        window.listeners = counted.size;
        add.call(window, type, ear, how);
      };
      window.removeEventListener = (...[type, ear, how]: Parameters<typeof remove>) => {
        if (type === 'message') counted.delete(ear);
        window.listeners = counted.size;
        remove.call(window, type, ear, how);
      };
    });

    await tab.goto(`${origin}/`);
    const told = tab.getByText('2 due, step 5');
    await expect(told).toBeVisible();
    const frames = tab.locator('renova-banner > iframe, renova-wizard > iframe');
    await expect(frames).toHaveCount(2);
    await expect(tab.frameLocator('renova-banner > iframe').getByRole('region')).toContainText('não chegam desde 29/11');
    expect(asked).toBe(2);
    expect(await tab.evaluate(() => window.listeners)).toBe(2);

    await tab.getByRole('button', { name: 'Take away' }).click();
    await expect(frames).toHaveCount(0);
    expect(await tab.evaluate(() => window.listeners)).toBe(0);
    await expect.poll(() => tab.frames().length).toBe(1);

    // And again, with sessions of their own.
    await tab.getByRole('button', { name: 'Bring back' }).click();
    await expect(tab.frameLocator('renova-banner > iframe').getByRole('region')).toContainText('não chegam desde 29/11');
    await expect.poll(() => stub.redeemed).toHaveLength(4);
    expect(asked).toBe(4);
    await Promise.all([renova.stop(), host.stop()]);
  });
}
