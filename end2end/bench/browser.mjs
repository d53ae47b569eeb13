// The browser that measures, and what is made of its figures.
import { chromium } from '@playwright/test';

/** A browser that has never seen anything. */
export function open(...more) {
  return chromium.launch({
    executablePath: process.env.RENOVA_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

export function median(values) {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
}
