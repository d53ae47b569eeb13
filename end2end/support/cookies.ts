// A browser of its own, told what to do with third-party cookies. That is a setting of a profile: without
// one they are blocked, whatever the command line says.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { browser as launch } from '../playwright.config.js';

export const COOKIES = ['allowed', 'blocked'] as const;
export type Cookies = (typeof COOKIES)[number];

const profiles: string[] = [];
process.once('exit', () => profiles.forEach((profile) => rmSync(profile, { recursive: true, force: true })));

/** Chromium's `profile.cookie_controls_mode`. */
const MODE: Record<Cookies, number> = { allowed: 0, blocked: 1 };

export async function browserFor(cookies: Cookies): Promise<BrowserContext> {
  const profile = mkdtempSync(join(tmpdir(), 'renova-profile-'));
  profiles.push(profile);
  mkdirSync(join(profile, 'Default'));
  const settings = { profile: { cookie_controls_mode: MODE[cookies] } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  return chromium.launchPersistentContext(profile, {
    ...launch,
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    reducedMotion: 'reduce',
  });
}
