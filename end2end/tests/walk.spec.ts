// A walk through the wizard in a browser: RENOVA_WALK_MOVES moves in any order. After each, the page shows what the
// server says, and there is a way on.

import type { BrowserContext, Locator, Page } from '@playwright/test';
import type { Api } from '../support/api.js';
import { Dialog, hydrated, live } from '../support/screens.js';
import { expect, test } from '../support/test.js';
import { Dice, seed } from '../support/walk.js';

const MOVES = Number(process.env.RENOVA_WALK_MOVES || 40);
const CHANCES = {
  press: 40, other: 8, double: 8, reload: 8, back: 8, forward: 6, secondTab: 6, overview: 6, offline: 6, cancel: 2,
};
/** The page goes on by itself from here. */
const PASSING = ['logged_in', 'chosen', 'proving'];
/** Buttons that open Meta's window. */
const TO_META = /^(Entrar com o Facebook|Abrir de novo|Tentar de novo|Escolher de novo)$/;
const PRIMARY = 'main .button.is-primary:not([disabled]), .banner .button.is-primary';

class Walker {
  constructor(
    public page: Page,
    private readonly context: BrowserContext,
    private readonly api: Api,
    private readonly home: string,
    private readonly dice: Dice,
  ) {}

  /** The renewal that the page shows. */
  get renewal(): string | undefined {
    return /\/integrations\/meta\/renewals\/([\w-]+)/.exec(this.page.url())?.[1];
  }

  async make(move: keyof typeof CHANCES): Promise<void> {
    const { page, dice } = this;
    switch (move) {
      case 'press':
        return this.press(page.locator(PRIMARY).first());
      case 'double':
        return this.press(page.locator(PRIMARY).first(), 2);
      case 'other': {
        // Anything else in the wizard, but leaving it for Meta in this tab.
        const buttons = page.locator('.wizard button:not(.is-primary):not([disabled])');
        const names = (await buttons.allInnerTexts()).filter((name) => !/Cancelar|nesta aba/.test(name));
        if (names.length > 0) await this.press(page.getByRole('button', { name: dice.one(names), exact: true }));
        return;
      }
      case 'cancel': {
        const button = page.locator('.wizard').getByRole('button', { name: 'Cancelar', exact: true });
        if (await button.isVisible()) await button.click();
        return;
      }
      case 'reload':
        await page.reload();
        return;
      case 'back':
      case 'forward':
        await (move === 'back' ? page.goBack() : page.goForward());
        // Before the walk began there was nothing.
        if (!page.url().startsWith('http')) await page.goto(this.home);
        return;
      case 'secondTab': {
        const second = await this.context.newPage();
        await second.goto(page.url());
        if (dice.chance(0.5)) {
          await second.close();
        } else {
          await page.close();
          this.page = second;
        }
        return;
      }
      case 'overview':
        await page.goto('/');
        if (dice.chance(0.5)) await page.goBack();
        return;
      case 'offline':
        return this.pressOffline();
    }
  }

  /** The page is ready, shows the server's state, and offers something. */
  async settled(told: string): Promise<string> {
    const { page } = this;
    await hydrated(page);
    const { renewal } = this;
    if (renewal) {
      await live(page);
      const region = page.getByRole('region', { name: 'Renovar conexão' });
      await expect(async () => {
        const [shown, { state }] = [await region.getAttribute('data-state'), await this.api.renewal(renewal)];
        expect(shown, told).toBe(state);
        expect(PASSING, told).not.toContain(state);
        await expect(page.locator('.wizard [aria-disabled="true"]'), told).toHaveCount(0);
      }).toPass({ timeout: 30_000 });
      await expect(region.getByRole('heading', { level: 2 }), told).not.toBeEmpty();
    }
    const ways = page.locator('main').locator('a[href], button:not([disabled])');
    await expect(ways.first(), `${told}: a way on`).toBeVisible();
    return renewal ? (await this.api.renewal(renewal)).state : new URL(page.url()).pathname;
  }

  private async press(button: Locator, times = 1): Promise<void> {
    // Where nothing is urgent nothing is offered: the walk goes on at its own connection.
    if (!(await button.isVisible())) {
      await this.page.goto(this.home);
      return;
    }
    const name = (await button.innerText()).trim();
    const opens = TO_META.test(name) && this.renewal !== undefined;
    const click = () => button.click({ clickCount: times });
    if (!opens) {
      if (name === 'Continuar') await this.confirmLoss();
      return click();
    }
    const [window] = await Promise.all([this.page.waitForEvent('popup'), click()]);
    await this.answer(new Dialog(window));
  }

  /** What was not granted goes only with a tick. */
  private async confirmLoss(): Promise<void> {
    const confirmation = this.page.getByRole('checkbox', { name: /Entendo que as contas/ });
    if (await confirmation.isVisible()) await confirmation.check();
  }

  /** Meta's window: the right person mostly, another one, cancelled, closed. */
  private async answer(dialog: Dialog): Promise<void> {
    const what = this.dice.weighted({ right: 12, changed: 3, other: 2, cancel: 1, close: 2 });
    switch (what) {
      case 'right':
        await this.passThrough(dialog, 'Ana Souza');
        break;
      case 'changed':
        await dialog.grantAs('Ana Souza', this.dice.chance(0.5) ? { without: ['Aurora Outlet'] } : {});
        break;
      case 'other':
        await this.passThrough(dialog, 'Elisa Prado');
        break;
      case 'cancel':
        await expect(dialog.button('Cancelar').or(dialog.button('Usar outra conta')).first()).toBeVisible();
        await dialog.cancel();
        break;
      case 'close':
        await expect(dialog.page.getByRole('button').first()).toBeVisible();
        await dialog.page.close();
        return;
    }
    await expect.poll(() => dialog.page.isClosed(), 'Meta’s window closes itself').toBe(true);
  }

  /** With the former choices. Where something was declined before, Meta asks for them instead of showing its card. */
  private async passThrough(dialog: Dialog, person: string): Promise<void> {
    await dialog.logInAs(person);
    const card = dialog.button('Reconectar');
    await expect(card.or(dialog.button('Continuar')).first()).toBeVisible();
    if (await card.isVisible()) await card.click();
    else await dialog.grant();
  }

  /** The network goes, a button is pressed, the network comes back. */
  private async pressOffline(): Promise<void> {
    const button = this.page.locator(PRIMARY).first();
    // Elsewhere a press leaves the page: what comes then is the browser's.
    if (!this.renewal || !(await button.isVisible())) return;
    const state = await this.page.locator('.wizard').getAttribute('data-state');
    if (!['exchanged', 'proved'].includes(state ?? '')) return;
    const name = (await button.innerText()).trim();
    if (TO_META.test(name)) return;
    if (name === 'Continuar') await this.confirmLoss();
    await this.context.setOffline(true);
    await button.click();
    await expect(this.page.getByRole('alert')).toContainText('Sem conexão com o servidor. Nada se perdeu');
    await this.context.setOffline(false);
  }
}

test(`${MOVES} moves in any order: always the server's step, always a way on`, async ({ desk, watch }) => {
  test.setTimeout(60_000 + MOVES * 10_000);
  console.log(`RENOVA_WALK_SEED=${seed}`);
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  const dice = new Dice(seed);
  const { page, context, api } = await desk('ana');
  const home = `/integrations/meta?connection=${(await api.connection('Ana Souza')).id}`;
  const walker = new Walker(page, context, api, home, dice);
  await page.goto(home);
  const seen = new Map<string, number>();
  const way: string[] = [];
  for (let count = 1; count <= MOVES; count += 1) {
    const move = dice.weighted(CHANCES);
    way.push(move);
    const told = `move ${count}, ${way.slice(-5).join(', ')}, RENOVA_WALK_SEED=${seed}`;
    await test.step(told, async () => {
      await walker.make(move);
      const where = await walker.settled(told);
      seen.set(where, (seen.get(where) ?? 0) + 1);
    });
    expect(watch.problems(), told).toEqual([]);
  }
  console.log(`seen: ${[...seen].map(([where, times]) => `${where} ${times}`).join(', ')}`);
});
