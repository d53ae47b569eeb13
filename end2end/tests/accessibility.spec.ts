// What the tables of the screens (screens/) do not look at.

import { Wizard } from '../support/screens.js';
import { expect, test } from '../support/test.js';

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
