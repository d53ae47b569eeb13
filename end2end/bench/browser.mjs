// The browser that measures, and what is made of its figures.
import { chromium } from '@playwright/test';
import { browser } from '../chromium.mjs';

/** A browser that has never seen anything. */
export function open(...more) {
  return chromium.launch({ ...browser, args: [...browser.args, ...more] });
}

export function median(values) {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
}
