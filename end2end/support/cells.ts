// Every screen in every state, as cells of a table: each state in light and dark, at 320 px and on a desktop.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Program, Start } from './program.js';
import { hydrated, live } from './screens.js';
import { shifts } from './shifts.js';
import type { Sim } from './sim.js';
import { type Desk, type DeskOptions, expect, test } from './test.js';
import type { Who } from './people.js';

/** What a state can be made of. */
export interface Means {
  desk: (who?: Who, options?: DeskOptions) => Promise<Desk>;
  sim: Sim;
  renova: Program;
  another: (how?: Partial<Start>) => Promise<Program>;
}

/** A browser, and the address that shows the state in it. */
export type Place = [Desk, string];

export interface State {
  /** As the gallery calls it. */
  name: string;
  /** Brings it about. It is looked at after it, and must not change by itself meanwhile. */
  at: (means: Means) => Promise<Place>;
  /** Words that say that it is the state that was meant. */
  shows: string | RegExp;
  /** What the state needs of the page, each time that it is loaded. */
  then?: (page: Page) => Promise<unknown>;
  /** The page's own status, where it is not 200. */
  status?: 403 | 404 | 410;
  /** Rules of axe that do not hold for it. */
  except?: string[];
  /** No page of the application: nothing comes alive. */
  still?: true;
}

const SIZES = {
  desktop: { width: 1200, height: 800 },
  '320': { width: 320, height: 640 },
} as const;
const THEMES = ['light', 'dark'] as const;
/** One of each theme and width. */
const CELLS = ['desktop-light', '320-dark'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The full table. Otherwise CELLS alone: what a theme does to colours hardly depends on the width. */
const everyCell = process.env.RENOVA_CELLS === 'all';
/** Where the pictures go. */
const gallery = process.env.RENOVA_GALLERY && resolve(process.env.RENOVA_GALLERY);

/** One test for each state of a screen. */
export function screen(address: string, states: State[]): void {
  for (const [index, state] of states.entries()) {
    test(`${address}, ${state.name}: themes and widths`, async ({ desk, sim, renova, another, watch }) => {
      if (state.status) watch.allow(new RegExp(`status of ${state.status}`));
      const [{ page }, where] = await state.at({ desk, sim, renova, another });
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await load(page, where, state);
        expect(await shifts(page), `${size}: nothing moves while it loads`).toEqual([]);
        expect(await tooWide(page), `${size}: nothing scrolls sideways`).toEqual([]);
        expect(await tooSmall(page), `${size}: nothing is too small to be hit`).toEqual([]);
        for (const colorScheme of THEMES) {
          if (!everyCell && !CELLS.includes(`${size}-${colorScheme}`)) continue;
          await page.emulateMedia({ colorScheme });
          expect(await violations(page, state.except), `${size}, ${colorScheme}`).toEqual([]);
          if (gallery) await picture(page, gallery, address, index, state.name, `${size}-${colorScheme}`);
        }
        await page.emulateMedia({ colorScheme: 'light' });
        // The next width is another visit: what a tab keeps for a reload is no part of it.
        await page.evaluate(() => sessionStorage.clear());
      }
    });
  }
}

async function load(page: Page, where: string, state: State): Promise<void> {
  const answer = await page.goto(where);
  expect(answer?.status(), where).toBe(state.status ?? 200);
  if (!state.still) await hydrated(page);
  // Banner or wizard: they come alive after the document.
  if ((await page.locator('leptos-island').count()) > 0) await live(page);
  await state.then?.(page);
  await expect(page.locator('body')).toContainText(state.shows);
}

/** What reaches beyond the right edge, if the page scrolls because of it. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth)
      .map(({ nodeName, className }) => `${nodeName}.${className}`);
  });
}

/** Buttons, summaries, ticks and fields below 24 px. A tick counts with its label. */
async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, summary, input, select, textarea')]
      .map((element) => element.closest('label') ?? element)
      .map((element) => ({ text: element.textContent ?? '', ...element.getBoundingClientRect().toJSON() }))
      .filter(({ width, height }) => width > 0 && (height < 24 || width < 24))
      .map(({ text }) => text),
  );
}

async function violations(page: Page, except: string[] = []): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(RULES).disableRules(except).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** The picture, and beside it what it is. */
async function picture(page: Page, folder: string, address: string, index: number, state: string, cell: string) {
  mkdirSync(folder, { recursive: true });
  const screen = address.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'overview';
  const name = `${screen}-${String(index + 1).padStart(2, '0')}`;
  await page.screenshot({ path: join(folder, `${name}-${cell}.png`), fullPage: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ name, address, state })}\n`);
}
