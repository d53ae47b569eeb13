// Who may not show Renova's frame does not: another site, a sub-domain, a frame around the host's page.

import { HtmlDashboard } from '../support/hosting.js';
import { HostSite } from '../support/hosts.js';
import { test as base, expect } from '../support/test.js';

const test = base.extend<object, { dashboard: HtmlDashboard }>({
  dashboard: [
    async ({}, use) => {
      const dashboard = await HtmlDashboard.start();
      await use(dashboard);
      expect(await dashboard.stop()).toBe(0);
    },
    { scope: 'worker' },
  ],
});

/** The address of the organization's frame, as the element in the host's page asks for it. */
async function frameAddress(page: import('@playwright/test').Page, dashboard: HtmlDashboard): Promise<string> {
  await page.goto(`${dashboard.origin}/`);
  await page.getByRole('button', { name: /Ana/ }).click();
  const frame = page.locator('renova-banner > iframe');
  await expect(frame).toHaveAttribute('src', /./);
  return (await frame.getAttribute('src'))!;
}

test('an unregistered origin, a sub-domain, a nested frame and no frame at all show nothing', async ({
  desk,
  dashboard,
  watch,
}) => {
  watch.allow(/favicon|frame-ancestors|Framing|refused to connect|policy: /i);
  const { page } = await desk(undefined, { at: dashboard.renova, baseURL: dashboard.origin });
  const address = await frameAddress(page, dashboard);
  const framing = (src: string) => () => ({ body: `<!doctype html><title>x</title><iframe src="${src}"></iframe>` });
  const other = await HostSite.start({
    '/': framing(address.replaceAll('&', '&amp;')),
    '/around': framing(`${dashboard.origin}/`),
  });
  for (const place of [other.origin, other.at('sub.host.localhost'), other.at('evil.localhost')]) {
    await page.goto(`${place}/`);
    await expect(page.frameLocator('iframe').getByRole('region')).toHaveCount(0);
    await expect(page.frameLocator('iframe').locator('#renova-embed')).toHaveCount(0);
  }
  // The registered page, but in somebody else's frame.
  await page.goto(`${other.at('evil.localhost')}/around`);
  const nested = page.frameLocator('iframe').frameLocator('renova-banner > iframe');
  await expect(nested.locator('#renova-embed')).toHaveCount(0);
  // In a tab of its own there is nobody to speak with.
  await page.goto(address);
  await expect(page.locator('#renova-embed')).toBeEmpty();
  await other.stop();
});
