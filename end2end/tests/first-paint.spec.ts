// What a person sees first: soon, and where it stays.

import { InPieces } from '../support/in-pieces.js';
import { shifts } from '../support/shifts.js';
import { expect, logIn, test } from '../support/test.js';

test('nothing competes with what is seen first', async ({ desk }) => {
  const { page } = await desk();
  const order: string[] = [];
  const kind = (url: string) => /\.(css|wasm)$/.exec(url)?.[1];
  page.on('request', (request) => order.push(`${kind(request.url())} asked for`));
  page.on('requestfinished', (request) => order.push(`${kind(request.url())} there`));
  await page.goto('/login');
  await expect(page.locator('body')).toHaveAttribute('data-hydrated', 'true');
  const files = () => order.filter((step) => !step.startsWith('undefined'));
  await expect.poll(files).toEqual(['css asked for', 'css there', 'wasm asked for', 'wasm there']);
});

const PIECES = { 'the mark': /<header[^]*?<\/svg>/, 'the first link of the menu': /<nav[^]*?<\/a>/ };

for (const [name, place] of Object.entries(PIECES)) {
  test(`a document that stops after ${name} moves nothing when it goes on`, async ({ renova, page, watch }) => {
    const front = await InPieces.start(renova.url, place);
    try {
      await page.goto(`${renova.url}/login`);
      await logIn(page, 'clara');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      for (const path of ['/login', '/review', '/reset?token=x', '/nowhere']) {
        if (path === '/nowhere') watch.allow(/status of 404/);
        // Cookies know no ports.
        await page.goto(`${front.url}${path}`, { waitUntil: 'commit' });
        await page.evaluate(() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)));
        front.goOn();
        await page.waitForLoadState();
        expect(await shifts(page), path).toEqual([]);
      }
      expect(front.stopped).toBeGreaterThan(0);
    } finally {
      await front.stop();
    }
  });
}
