// Types of renova.js. Copy them beside your sources, or point `paths` at them.

/** What your back end got from `POST /api/v1/embed-sessions`. */
export interface Session {
  /** Good once, for ten minutes, for this page's origin alone. */
  token: string;
  /** The organization's public id. */
  embed_id: string;
}

/** Custom properties of the look; every other name is ignored. */
export interface Appearance {
  '--paper'?: string;
  '--surface'?: string;
  '--sunken'?: string;
  '--ink'?: string;
  '--ink-quiet'?: string;
  '--line'?: string;
  '--line-strong'?: string;
  '--action'?: string;
  '--action-strong'?: string;
  '--on-action'?: string;
  '--font'?: string;
  '--text'?: string;
  '--radius'?: string;
}

export type Locale = 'pt-BR' | 'en' | 'es';
export type Theme = 'light' | 'dark' | 'auto';

export interface Options {
  /** Without one: the person's own. */
  locale?: Locale | '';
  theme?: Theme;
  appearance?: Appearance | null;
  /** Called at the start, and whenever the session runs out. */
  fetchSession?: (() => Promise<Session>) | null;
}

export interface WizardOptions extends Options {
  /** The connection to renew; without one what the reader has only to finish, or else the most urgent; `new` connects another. */
  connection?: string;
}

export interface Events {
  ready: CustomEvent<Record<string, never>>;
  step: CustomEvent<{ step: number; state: string }>;
  finished: CustomEvent<{ connection_id: string | null }>;
  closed: CustomEvent<Record<string, never>>;
  failed: CustomEvent<{ code: string }>;
  /** Connections that need somebody; of these, those that have stopped or lack only the last click. */
  counts: CustomEvent<{ total: number; action_required: number }>;
  /** The banner's button. Prevent its default to open a wizard of your own. */
  renew: CustomEvent<{ connection_id: string | null }>;
}

declare class RenovaElement extends HTMLElement {
  locale: Locale | '';
  theme: Theme;
  appearance: Appearance | null;
  fetchSession: (() => Promise<Session>) | null;
  /** Takes the frame away, and with it the session. */
  destroy(): void;
  addEventListener<K extends keyof Events>(
    type: K,
    listener: (event: Events[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

export declare class RenovaBanner extends RenovaElement {
  update(changes: Options): void;
}

export declare class RenovaWizard extends RenovaElement {
  connection: string;
  update(changes: WizardOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'renova-banner': RenovaBanner;
    'renova-wizard': RenovaWizard;
  }
}
