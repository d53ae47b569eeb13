// WCAG 2.2 AA by axe in both themes, and nothing cut off at 320 px.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Api } from '../support/api.js';
import { hydrated, INSTAGRAM_STEPS, live, Wizard } from '../support/screens.js';
import type { Sim } from '../support/sim.js';
import { expect, test } from '../support/test.js';

interface Place {
  name: string;
  who?: 'clara' | 'ana' | 'bruno';
  /** No page of the application: a small page, or the simulator's. */
  still?: true;
  go: (page: Page, api: Api, sim: Sim) => Promise<unknown>;
}

const wizardAt = (state: 'started' | 'exchanged' | 'proved' | 'finished') => async (page: Page, api: Api, sim: Sim) => {
  const { id } = await api.renewalAt(state, sim, 'Ana Souza');
  await Wizard.open(page, id);
};

/** Davi, who has a role on one of Ana's Pages, has logged in for her connection. */
const passedOn = async (api: Api, sim: Sim) => {
  await sim.setPages([{ name: 'Loja Aurora', people: ['Ana Souza', 'Davi Rocha'] }]);
  const id = await api.start((await api.connection('Ana Souza')).id);
  await api.grantAtMeta(id, sim, 'Davi Rocha', ['Loja Aurora']);
  await api.step('exchange', id);
  return id;
};

const PLACES: Place[] = [
  { name: 'log-in', go: (page) => page.goto('/login?error=invalid_login') },
  { name: 'forgotten password', go: (page) => page.goto('/forgot') },
  { name: 'overview', who: 'ana', go: (page) => page.goto('/').then(() => live(page)) },
  { name: 'overview with one warning', who: 'clara', go: (page) => page.goto('/').then(() => live(page)) },
  { name: 'overview of an agent', who: 'bruno', go: (page) => page.goto('/').then(() => live(page)) },
  { name: 'integration', who: 'ana', go: (page) => page.goto('/integrations/meta') },
  { name: 'review', who: 'ana', go: (page) => page.goto('/review') },
  { name: 'review that finds nothing', who: 'ana', go: (page) => page.goto('/review?q=ninguém') },
  { name: 'account', who: 'ana', go: (page) => page.goto('/account') },
  {
    name: 'connection',
    who: 'ana',
    go: async (page, api) => page.goto(`/connections/${(await api.connection('Ana Souza')).id}`),
  },
  { name: 'forbidden', who: 'bruno', go: (page) => page.goto('/integrations/meta') },
  { name: 'not found', who: 'ana', go: (page) => page.goto('/nowhere') },
  { name: 'wizard, log-in', who: 'ana', go: wizardAt('started') },
  { name: 'wizard, accounts', who: 'ana', go: wizardAt('exchanged') },
  { name: 'wizard, proof', who: 'ana', go: wizardAt('proved') },
  { name: 'wizard, done', who: 'ana', go: wizardAt('finished') },
  {
    name: 'wizard, cancelled',
    who: 'ana',
    go: async (page, api, sim) => {
      const { id } = await api.renewalAt('started', sim, 'Ana Souza');
      await api.step('cancel', id);
      await Wizard.open(page, id);
    },
  },
  { name: 'new connection', who: 'ana', go: (page) => page.goto('/integrations/meta?connection=new') },
  {
    name: 'wizard, log-in at Instagram',
    who: 'ana',
    go: async (page, api) =>
      Wizard.open(page, await api.start((await api.connection('@aurora.kids')).id), INSTAGRAM_STEPS),
  },
  { name: 'wizard, another person', who: 'ana', go: async (page, api, sim) => Wizard.open(page, await passedOn(api, sim)) },
  {
    name: 'wizard, accounts that stay as they are',
    who: 'ana',
    go: async (page, api, sim) => {
      const id = await passedOn(api, sim);
      await api.step('hand_over', id);
      const wizard = await Wizard.open(page, id);
      await expect(wizard.row('Aurora Outlet')).toContainText('Fica como está');
    },
  },
  {
    name: 'data deletion',
    still: true,
    go: async (page, _, sim) => page.goto((await sim.askForDeletion({ person: 'Elisa Prado' })).url),
  },
  {
    name: 'start page of the simulator',
    still: true,
    go: async (page, _, sim) => {
      await sim.event('Loja Aurora', 'message');
      await sim.fail({ on: 'graph:/me/accounts', fault: 'http_503' });
      await page.goto(sim.startPage);
    },
  },
];

for (const { name, who, still, go } of PLACES) {
  test(`${name}: in both themes, at 320 px`, async ({ desk, sim, watch }) => {
    watch.allow(/status of 40[34]/);
    const { page, api } = await desk(who);
    await go(page, api, sim);
    if (!still) await hydrated(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      expect(told, colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      return {
        scrolls: document.documentElement.scrollWidth > width,
        small: [...document.querySelectorAll('button, summary')]
          .map((element) => ({ text: element.textContent, ...element.getBoundingClientRect().toJSON() }))
          .filter(({ width, height }) => width > 0 && (height < 24 || width < 24))
          .map(({ text }) => text),
      };
    });
    expect(wide).toEqual({ scrolls: false, small: [] });
  });
}

test('with forced colours and reduced motion nothing gets lost', async ({ desk, sim }) => {
  const { page, api } = await desk('ana');
  const { id } = await api.renewalAt('exchanged', sim, 'Ana Souza');
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const wizard = await Wizard.open(page, id);
  await expect(wizard.button('Continuar')).toBeVisible();
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1).length,
  );
  expect(moving).toBe(0);
});
