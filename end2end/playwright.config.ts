import { defineConfig } from '@playwright/test';
import { browser } from './chromium.mjs';

export { browser };

// Each worker starts a Renova of its own: files run beside each other, the tests of one file one
// after the other. Nothing is tried twice: a test that fails now and then is a fault.
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: Number(process.env.RENOVA_E2E_WORKERS || 2),
  retries: 0,
  forbidOnly: true,
  // Patience with a busy machine: whatever is waited for is a condition.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['line'], ['json']] : [['line']],
  use: {
    // What cannot be pressed is told long before a long walk's own end.
    actionTimeout: 30_000,
    browserName: 'chromium',
    launchOptions: browser,
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    // Of the system, unless a test says otherwise.
    colorScheme: 'light',
    // What is drawn must not depend on when it is looked at.
    reducedMotion: 'reduce',
    // A trace would keep what must not be kept.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
});
