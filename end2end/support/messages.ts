// Every message between windows names the exact origin that it is for: `postMessage` is hooked in all
// pages and frames. A window of another origin cannot be reached into, so windows are handed out
// behind a proxy wherever a page can get hold of one.

import type { BrowserContext } from '@playwright/test';

const MARK = 'message to ';

export class Messages {
  /** What each message named, in the order of sending. */
  readonly targets: string[] = [];
  /** What this test sends carelessly on purpose. */
  expected: string[] = [];

  async over(context: BrowserContext): Promise<void> {
    context.on('console', (message) => {
      const text = message.text();
      if (text.startsWith(MARK)) this.targets.push(text.slice(MARK.length));
    });
    await context.addInitScript(hook, MARK);
  }

  /** Those that named everybody, or nobody. */
  careless(): string[] {
    return this.targets.filter((target) => !URL.canParse(target));
  }
}

/** Runs in every page and frame before anything else does. */
function hook(mark: string): void {
  const post = window.postMessage.bind(window);
  const note = (target: unknown): void => {
    const named = typeof target === 'object' && target !== null && 'targetOrigin' in target ? target.targetOrigin : target;
    console.debug(`${mark}${String(named)}`);
  };
  const hooked =
    (send: (...message: Parameters<Window['postMessage']>) => void) =>
    (...message: Parameters<Window['postMessage']>): void => {
      note(message[1]);
      send(...message);
    };
  // Those of the same origin use this one.
  window.postMessage = hooked(post as Window['postMessage']) as Window['postMessage'];

  const proxies = new WeakMap<object, object>();
  const isForeign = (it: Window): boolean => {
    try {
      return !it.document;
    } catch {
      return true;
    }
  };
  const behind = (it: Window): object => {
    const made = new Proxy(it, {
      get: (real, name) => {
        const value: unknown = Reflect.get(real, name, real);
        if (typeof value !== 'function') return value;
        const bound = value.bind(real) as Window['postMessage'];
        return name === 'postMessage' && isForeign(real) ? hooked(bound) : bound;
      },
      set: (real, name, value) => Reflect.set(real, name, value, real),
    });
    proxies.set(it, made);
    return made;
  };
  const given = (it: unknown): unknown => {
    if (typeof it !== 'object' || it === null || it === window) return it;
    const isWindow = 'window' in it && it.window === it;
    if (!isWindow) return it;
    return proxies.get(it) ?? (isForeign(it as Window) ? behind(it as Window) : it);
  };
  for (const [owner, name] of [
    [HTMLIFrameElement.prototype, 'contentWindow'],
    [MessageEvent.prototype, 'source'],
    [window, 'parent'],
    [window, 'opener'],
  ] as const) {
    const property = Object.getOwnPropertyDescriptor(owner, name)!;
    const read = property.get!;
    Object.defineProperty(owner, name, {
      ...property,
      get(this: object | undefined) {
        return given(read.call(this ?? window));
      },
    });
  }
  // A new window is empty and ours at first: it is another's by the time that it is spoken to.
  const open = window.open.bind(window);
  window.open = (...how) => {
    const opened = open(...how);
    return opened && ((proxies.get(opened) ?? behind(opened)) as Window);
  };
}

/** For `test.extend`, as an automatic fixture of the page's own context. */
export async function hearing(
  { context }: { context: BrowserContext },
  use: (messages: Messages) => Promise<void>,
): Promise<void> {
  const messages = new Messages();
  await messages.over(context);
  await use(messages);
  const unexpected = messages.careless().filter((target) => !messages.expected.includes(target));
  if (unexpected.length > 0) throw new Error(`a message named no exact origin: ${unexpected.join(', ')}`);
}
