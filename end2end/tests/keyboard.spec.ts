import type { Locator, Page } from '@playwright/test';
import { PASSWORD, PEOPLE } from '../support/people.js';
import { banner, live, Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

/** Presses Tab until `wanted` has the focus, and looks whether the focus can be seen. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  const hasFocus = () => wanted.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60 && !(await hasFocus()); presses += 1) await page.keyboard.press('Tab');
  await expect(wanted).toBeFocused();
  const ring = await wanted.evaluate((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return { outline: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2, boxShadow };
  });
  expect(ring.outline || ring.boxShadow !== 'none', 'the focus is visible').toBe(true);
}

test('the whole journey by keyboard alone', async ({ desk, sim }) => {
  const { page, api } = await desk();
  await page.goto('/');
  await tabTo(page, page.getByLabel('E-mail'));
  await page.keyboard.type(PEOPLE.clara.email);
  await tabTo(page, page.getByLabel('Senha', { exact: true }));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');

  await tabTo(page, banner(page).getByRole('button', { name: 'Alterar permissões' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Iniciar', exact: true }));
  await page.keyboard.press('Space');

  const wizard = new Wizard(page);
  await wizard.isAt('logIn', 'start');
  await live(page);
  const opened = page.waitForEvent('popup');
  await tabTo(page, wizard.button('Entrar com o Facebook'));
  await page.keyboard.press('Enter');
  const meta = await opened;
  await tabTo(meta, meta.getByRole('button', { name: 'Clara Lima' }));
  await meta.keyboard.press('Enter');
  await tabTo(meta, meta.getByRole('button', { name: 'Reconectar' }));
  await meta.keyboard.press('Enter');

  await wizard.isAt('accounts', 'accounts');
  await expect(wizard.heading, 'the focus goes to the heading of the new step').toBeFocused();
  const first = wizard.region.getByRole('checkbox').first();
  await tabTo(page, first);
  await page.keyboard.press('Space');
  await expect(first).not.toBeChecked();
  await page.keyboard.press('Space');
  await expect(first).toBeChecked();
  await tabTo(page, wizard.button('Continuar'));
  await page.keyboard.press('Enter');

  await wizard.isAt('proof', 'proof');
  await expect(wizard.heading).toBeFocused();
  await tabTo(page, wizard.button('Finalizar'));
  await page.keyboard.press('Space');
  await expect(wizard.heading).toHaveText('Pronto');
  await expect(wizard.heading).toBeFocused();
  await tabTo(page, wizard.button('Concluir'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/\??$/);
  await expect(banner(page)).toHaveCount(0);
  expect((await api.alerts()).items).toEqual([]);
  expect(await sim.tokenCalls(), 'code, then long-lived token').toBe(2);
});

test('the first stop leads to the content', async ({ desk }) => {
  const { page } = await desk('ana');
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Ir para o conteúdo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test('a warning is put off by keyboard alone', async ({ desk }) => {
  const { page } = await desk('clara');
  await page.goto('/');
  await live(page);
  await tabTo(page, banner(page).getByRole('button', { name: 'Lembrar amanhã' }));
  await page.keyboard.press('Enter');
  await expect(banner(page)).toHaveCount(0);
});
