// The screens of the journey, by the words that people read.

import { expect, type Locator, type Page } from '@playwright/test';

/** The steps as the progress list names them. */
export const STEPS = {
  logIn: 'Entrar com o Facebook',
  waiting: 'Reconectar',
  accounts: 'Continuar',
  proof: 'Finalizar',
} as const;

/** The same on the way over Instagram. */
export const INSTAGRAM_STEPS: Record<keyof typeof STEPS, string> = {
  ...STEPS,
  logIn: 'Entrar com o Instagram',
  waiting: 'Permitir',
};

export const HEADINGS = {
  start: 'Entre com o Facebook',
  waiting: 'Continue na janela da Meta',
  loggedIn: 'Login feito',
  accounts: 'O que a Meta liberou: confirme o que fica na plataforma',
  proof: 'Confira e finalize',
  done: 'Pronto',
  problem: 'Não foi desta vez',
  expired: 'Esta renovação venceu',
  cancelled: 'Renovação cancelada',
} as const;

/** WebAssembly has taken over the banner or the wizard of the page. */
export async function live(page: Page): Promise<void> {
  await page.waitForFunction(() => window.renovaIsLive === true);
}

/** The same for a page that has neither. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('body')).toHaveAttribute('data-hydrated', 'true');
}

/** The background work has had its turn, of which there is one every two seconds. */
export async function looked(page: Page): Promise<void> {
  await page.waitForTimeout(5_000);
}

export function banner(page: Page): Locator {
  return page.getByRole('region', { name: 'Renovação necessária' });
}

export class Wizard {
  readonly region: Locator;
  readonly heading: Locator;
  readonly problem: Locator;

  constructor(
    readonly page: Page,
    private readonly steps: Record<keyof typeof STEPS, string> = STEPS,
  ) {
    this.region = page.getByRole('region', { name: 'Renovar conexão' });
    this.heading = this.region.getByRole('heading', { level: 2 });
    this.problem = this.region.getByRole('alert');
  }

  /** Opens a renewal's page and waits until WebAssembly is at work. */
  static async open(page: Page, renewal: string, steps?: Record<keyof typeof STEPS, string>): Promise<Wizard> {
    await page.goto(`/integrations/meta/renewals/${renewal}`);
    await live(page);
    return new Wizard(page, steps);
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  /** The renewal that the page shows, by its address. */
  get renewal(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
  }

  async isAt(step: keyof typeof STEPS, heading?: keyof typeof HEADINGS): Promise<void> {
    if (heading) await expect(this.heading).toHaveText(HEADINGS[heading]);
    const current = this.region.locator('[aria-current="step"]');
    await expect(current).toHaveCount(1);
    await expect(current).toContainText(this.steps[step]);
  }

  /** One of the accounts. */
  row(name: string | RegExp): Locator {
    return this.region.getByRole('listitem').filter({ hasText: name });
  }

  /** One line of the proof. */
  proof(item: string): Locator {
    const proof = this.region.getByRole('list', { name: 'O que foi conferido' });
    return proof.getByRole('listitem').filter({ hasText: item });
  }

  /** Clicks and answers Meta's window. */
  async openMeta(button: string = STEPS.logIn): Promise<Dialog> {
    return new Dialog(await this.opened(button));
  }

  /** The same on the way over Instagram. */
  async openInstagram(button: string = INSTAGRAM_STEPS.logIn): Promise<InstagramDialog> {
    return new InstagramDialog(await this.opened(button));
  }

  private async opened(button: string): Promise<Page> {
    const opened = this.page.waitForEvent('popup');
    await this.button(button).click();
    return opened;
  }

  /** From the log-in to the accounts, with Meta's window. */
  async logIn(person: string, button?: string): Promise<void> {
    await (await this.openMeta(button)).reconnectAs(person);
    await this.isAt('accounts', 'accounts');
  }

  async goOn(): Promise<void> {
    await this.button('Continuar').click();
    await this.isAt('proof', 'proof');
  }

  async finish(): Promise<void> {
    await this.button('Finalizar').click();
    await expect(this.heading).toHaveText(HEADINGS.done);
  }
}

/** What a person ticks differently from before. */
interface Change {
  without?: string[];
  and?: string[];
}

/** The simulated Meta's dialog, in a window of its own or in the tab. */
export class Dialog {
  constructor(readonly page: Page) {}

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Whoever this browser has logged in at Meta before. */
  async logInAs(person: string): Promise<void> {
    const other = this.button('Usar outra conta');
    const signedIn = this.page.getByText(`Você entrou como ${person}`);
    await expect(other.or(this.button(person))).toBeVisible();
    if (await signedIn.isVisible()) return;
    if (await other.isVisible()) await other.click();
    await this.button(person).click();
    await expect(signedIn).toBeVisible();
  }

  /** The card of a person who has connected before. */
  async reconnectAs(person: string): Promise<void> {
    await this.logInAs(person);
    await this.button('Reconectar').click();
  }

  /** The choices of a person who connects for the first time, or edits them. */
  async grantAs(person: string, change: Change = {}): Promise<void> {
    await this.logInAs(person);
    await this.grant(change);
  }

  /** To the choices, also of a person who has made them before. */
  async edit(): Promise<void> {
    const edit = this.button('Editar configurações');
    await expect(edit.or(this.button('Continuar'))).toBeVisible();
    if (await edit.isVisible()) await edit.click();
    await expect(this.button('Continuar')).toBeVisible();
  }

  async grant({ without = [], and = [] }: Change = {}): Promise<void> {
    await this.edit();
    for (const name of without) await this.page.getByRole('checkbox', { name, exact: true }).uncheck();
    for (const name of and) await this.page.getByRole('checkbox', { name, exact: true }).check();
    await this.button('Continuar').click();
    await this.button('Concluir').click();
  }

  async cancel(): Promise<void> {
    await this.button('Cancelar').click();
  }
}

/** The simulated Instagram's dialog: one account, and what the app may do with it. */
export class InstagramDialog {
  constructor(readonly page: Page) {}

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Whoever this browser has logged in at Instagram before. */
  async logInAs(account: string): Promise<void> {
    const other = this.button('Usar outra conta');
    const signedIn = this.page.getByText(`Você entrou como ${account}`);
    await expect(other.or(this.button(account))).toBeVisible();
    if (await signedIn.isVisible()) return;
    if (await other.isVisible()) await other.click();
    await this.button(account).click();
    await expect(signedIn).toBeVisible();
  }

  async allowAs(account: string, { without = [] }: Pick<Change, 'without'> = {}): Promise<void> {
    await this.logInAs(account);
    for (const name of without) await this.page.getByRole('switch', { name, exact: true }).uncheck();
    await this.button('Permitir').click();
  }
}
