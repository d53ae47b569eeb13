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
  expect(await ring(wanted), 'the focus is visible').toBe(true);
}

/** Whether it is drawn that this has the focus. */
async function ring(element: Locator): Promise<boolean> {
  return element.evaluate((it) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
  });
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

/** What has the focus, by the words that people hear. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const label = (element as HTMLInputElement).labels?.[0]?.textContent;
    return (element.ariaLabel ?? label ?? element.textContent ?? '').trim();
  });
}

/** The stops of one round, from the start of the page to the last before it begins again. */
async function stops(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (;;) {
    await page.keyboard.press('Tab');
    const left = await page.evaluate(() => document.activeElement === document.body);
    if (left) return found;
    expect(await ring(page.locator(':focus')), `${found.length + 1}: the focus is visible`).toBe(true);
    found.push(await focused(page));
    expect(found.length, 'it comes round').toBeLessThan(60);
  }
}

test('the log-in: the first field has the focus, and the stops follow the eye', async ({ desk }) => {
  const { page } = await desk();
  await page.goto('/login');
  await expect(page.getByLabel('E-mail')).toBeFocused();
  for (const stop of ['Senha', 'Entrar', 'Esqueci minha senha']) {
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(stop);
    expect(await ring(page.locator(':focus')), `${stop}: the focus is visible`).toBe(true);
  }
  // Refused: the same way once more, with what is wrong before it.
  await page.goto('/login?error=invalid_login');
  await expect(page.getByRole('alert')).toContainText('E-mail ou senha não conferem');
  await expect(page.getByLabel('E-mail')).toBeFocused();
});

for (const state of ['started', 'exchanged', 'proved', 'finished'] as const) {
  test(`the wizard, ${state}: every stop can be seen, the primary action before the others`, async ({ desk, sim }) => {
    const { page, api } = await desk('clara');
    const { id } = await api.renewalAt(state, sim, 'Clara Lima');
    const wizard = await Wizard.open(page, id);
    const found = await stops(page);
    const buttons = (await wizard.region.getByRole('button').allInnerTexts()).map((name) => name.trim());
    expect(found.filter((name) => buttons.includes(name)), 'in the order of the page').toEqual(buttons);
    const primary = await wizard.region.locator('.button.is-primary').innerText();
    expect(buttons[0]).toBe(primary.trim());
    // Ticks come before what is done with them.
    const ticks = await wizard.region.getByRole('checkbox').count();
    if (ticks > 0) expect(found.indexOf(primary.trim())).toBeGreaterThanOrEqual(ticks);
  });
}

test('cancelled by keyboard: the focus goes to the new heading, and on to the way back', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  const { id } = await api.renewalAt('exchanged', sim, 'Clara Lima');
  const wizard = await Wizard.open(page, id);
  await tabTo(page, wizard.button('Cancelar'));
  await page.keyboard.press('Enter');
  await expect(wizard.heading).toHaveText('Renovação cancelada');
  await expect(wizard.heading).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(wizard.button('Voltar à integração')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Iniciar', exact: true })).toBeVisible();
});

test('a warning is put off by keyboard alone', async ({ desk }) => {
  const { page } = await desk('clara');
  await page.goto('/');
  await live(page);
  await tabTo(page, banner(page).getByRole('button', { name: 'Lembrar amanhã' }));
  await page.keyboard.press('Enter');
  await expect(banner(page)).toHaveCount(0);
});
