// What a page must never do: write an error to the console, throw, break its own policy, or send a
// message to whoever happens to be there.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, ConsoleMessage, Response } from '@playwright/test';
import { Messages } from './messages.js';
import { newFolder } from './places.js';
import { rememberAddress, rememberCookies } from './secrets.js';

declare global {
  interface Window {
    /** Banner or wizard has begun to keep itself fresh: WebAssembly is at work. */
    renovaIsLive?: boolean;
  }
}

const folder = newFolder('pages');
let written = 0;

/** The fields whose purpose is to carry a link's secret: the form it opens, and the link that is shown once. */
const LINKS = [
  /(<input type="hidden" name="token" value=")[^"]*/g,
  // Whoever opened a renewal link logs in first, and is led back to it.
  /(<input type="hidden" name="next" value="\/r\/)[^"]*/g,
  /(<input type="text" readonly(?:="")? value="[^"]*\/invitation\?token=)[^"]*/g,
  /(<input type="text"[^>]* id="made-secret"[^>]* value=")[^"]*/g,
  /(<input type="text" value=")[^"]*("[^>]* id="made-secret")/g,
];

/** What the server has sent is kept, to be searched for secrets. */
function keep(text: string, ending: string): void {
  written += 1;
  const kept = LINKS.reduce((rest, link) => rest.replace(link, '$1'), text);
  writeFileSync(join(folder, `${process.pid}-${written}.${ending}`), kept);
}

export class Watch {
  readonly messages = new Messages();
  private readonly found: string[] = [];
  private readonly allowed: RegExp[] = [];
  private readonly reading: Promise<void>[] = [];

  /** What this test brings about on purpose, such as `/status of 403/`. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** Listens to every page of `context`; keeps what `origin` sends. */
  async over(context: BrowserContext, origin: string): Promise<void> {
    context.on('console', (message) => this.heard(message));
    context.on('weberror', (error) => this.found.push(`thrown: ${error.error().message}`));
    context.on('request', (request) => rememberAddress(request.url()));
    context.on('response', (response) => {
      if (response.url().startsWith(origin)) this.reading.push(this.read(response));
    });
    await this.messages.over(context);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
        console.error(`policy: ${violatedDirective} refuses ${blockedURI} at ${sourceFile}:${lineNumber}`);
      });
      // The document says that it is alive before its suspended parts are; banner and wizard
      // open a channel to other windows when they are.
      window.BroadcastChannel = class extends BroadcastChannel {
        constructor(name: string) {
          super(name);
          window.renovaIsLive = true;
        }
      };
    });
  }

  /** Keeps what is left to keep, and closes. */
  async leave(context: BrowserContext, origin: string): Promise<void> {
    for (const page of context.pages().filter((page) => page.url().startsWith(origin))) {
      await page.content().then(
        (html) => keep(html, 'html'),
        () => undefined, // It has just closed itself.
      );
    }
    await rememberCookies(context);
    await Promise.all(this.reading);
    await context.close();
  }

  /** Everything that was not expected. */
  problems(): string[] {
    const careless = this.messages.careless().map((target) => `a message to ${target}`);
    return [...this.found, ...careless].filter((problem) => !this.allowed.some((pattern) => pattern.test(problem)));
  }

  private heard(message: ConsoleMessage): void {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const { url } = message.location();
    // What the simulated Meta's pages lack (an icon) is not ours.
    if (/^http:\/\/localhost:/.test(url)) return;
    this.found.push(`${message.type()}: ${message.text()} (${url})`);
  }

  private async read(response: Response): Promise<void> {
    const kind = response.headers()['content-type'] ?? '';
    if (!/html|json/.test(kind)) return;
    await response.text().then(
      (text) => keep(text, kind.includes('html') ? 'html' : 'json'),
      () => undefined, // Gone with its page.
    );
  }
}
