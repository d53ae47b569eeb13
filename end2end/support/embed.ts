// Banner and wizard in a host's page, by the words that people read.

import { expect, type BrowserContext, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { Dialog, HEADINGS, STEPS } from './screens.js';

/** Where banner or wizard stands: a frame of an element's, or a page itself. */
type Place = FrameLocator | Page;

export function embeddedBanner(page: Page): Locator {
  return page.frameLocator('renova-banner > iframe').getByRole('region', { name: 'Renovação necessária' });
}

/** What a frame guards knows since when it is in sight. */
export function takesClicks(button: Element & { inSightSince?: number | null }): boolean {
  const inFrame = document.body.dataset.embed !== undefined;
  return !inFrame || performance.now() - (button.inSightSince ?? Infinity) >= 500;
}

export class EmbeddedWizard {
  readonly region: Locator;
  readonly heading: Locator;

  constructor(
    private readonly context: BrowserContext,
    readonly place: Place,
  ) {
    this.region = place.getByRole('region', { name: 'Renovar conexão' });
    this.heading = this.region.getByRole('heading', { level: 2 });
  }

  /** The one that an element shows. */
  static of(page: Page): EmbeddedWizard {
    return new EmbeddedWizard(page.context(), page.frameLocator('renova-wizard > iframe'));
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  async isAt(step: keyof typeof STEPS, heading: keyof typeof HEADINGS): Promise<void> {
    // The first screen may have two of them.
    await expect(this.heading.filter({ hasText: HEADINGS[heading] })).toBeVisible();
    await expect(this.region.locator('[aria-current="step"]')).toContainText(STEPS[step]);
  }

  /** Opens the log-in's window. */
  async opened(button: string = STEPS.logIn): Promise<Page> {
    const opened = this.context.waitForEvent('page');
    await this.button(button).click();
    return opened;
  }

  /** The number that the window asks for. */
  async number(): Promise<string> {
    const number = this.region.locator('.login-number strong');
    await expect(number).toHaveText(/^\d+$/);
    return number.innerText();
  }

  /** Opens the window, matches the number, and answers Meta's dialog. */
  async openMeta(button?: string): Promise<Dialog> {
    const window = await this.opened(button);
    await window.getByRole('button', { name: await this.number(), exact: true }).click();
    return new Dialog(window);
  }

  /** From *Iniciar* to the end. Answers the milliseconds from Meta's redirect to the accounts. */
  async renew(person: string): Promise<number> {
    await this.button('Iniciar').click();
    await this.isAt('logIn', 'start');
    const dialog = await this.openMeta();
    await dialog.logInAs(person);
    await dialog.button('Reconectar').click();
    const left = Date.now();
    await this.isAt('accounts', 'accounts');
    const wait = Date.now() - left;
    await this.button('Continuar').click();
    await this.isAt('proof', 'proof');
    await this.finish();
    return wait;
  }

  /** *Finalizar*, which in a frame takes nothing before it has been in sight for half a second. */
  async finish(): Promise<void> {
    const finish = this.button('Finalizar');
    await finish.scrollIntoViewIfNeeded();
    await expect.poll(() => finish.evaluate(takesClicks)).toBe(true);
    await finish.click();
    await expect(this.heading).toHaveText(HEADINGS.done);
  }
}
