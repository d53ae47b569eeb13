// The gallery in docs/ from the pictures that the screens' tests leave: `npm run gallery -- FOLDER`. Of each state one
// desktop in light and one phone in dark, as small as WebP makes them; and the two pictures for the README.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { browser as launch } from './playwright.config.js';

interface Entry {
  name: string;
  address: string;
  state: string;
}

interface Cut {
  /** Pixels from the top; all of it otherwise. */
  height?: number;
  type: 'image/webp' | 'image/png';
  scale?: number;
}

const from = resolve(process.argv[2] ?? '../target/screens');
const docs = resolve('../docs');
const CELLS = { 'desktop-light': 'desktop, light', '320-dark': '320 px, dark' } as const;
/** For the README: a state, and what the file is called. */
const PAGES = { 'overview-01': 'overview', 'integrations-meta-renewals-id-11': 'wizard' };

const entries = readdirSync(from)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(from, file), 'utf8')) as Entry)
  // The simulator is no screen of Renova's.
  .filter(({ address }) => !address.startsWith('/_sim'))
  .sort((one, other) => one.address.localeCompare(other.address) || one.name.localeCompare(other.name));
if (entries.length === 0) throw new Error(`${from} holds no pictures: RENOVA_GALLERY=${from} makes the tests leave some`);

const browser = await chromium.launch(launch);
const page = await browser.newPage();

/** The browser is what can read PNG and write WebP here. */
async function cut(file: string, how: Cut): Promise<Buffer> {
  const source = `data:image/png;base64,${readFileSync(file).toString('base64')}`;
  const result = await page.evaluate(
    async ([source, { height, type, scale = 1 }]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const shown = Math.min(height ?? image.height, image.height);
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(shown * scale);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, image.width, shown, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL(type, 0.8);
    },
    [source, how] as const,
  );
  return Buffer.from(result.slice(result.indexOf(',') + 1), 'base64');
}

rmSync(join(docs, 'gallery'), { recursive: true, force: true });
mkdirSync(join(docs, 'gallery'), { recursive: true });
mkdirSync(join(docs, 'screenshots'), { recursive: true });
const lines = [
  '# The gallery',
  '',
  'Every screen in every state, as the tests see it: on a desktop in light, on a phone of 320 px in dark.',
  '`scripts/screens.sh` makes this page and its pictures.',
];
let bytes = 0;
let address = '';
for (const entry of entries) {
  if (entry.address !== address) lines.push('', `## \`${entry.address}\``);
  address = entry.address;
  lines.push('', `### ${entry.state[0]?.toUpperCase()}${entry.state.slice(1)}`, '');
  const pictures = [];
  for (const [cell, label] of Object.entries(CELLS)) {
    const file = `${entry.name}-${cell}.webp`;
    const picture = await cut(join(from, `${entry.name}-${cell}.png`), { type: 'image/webp', scale: 0.75 });
    writeFileSync(join(docs, 'gallery', file), picture);
    bytes += picture.length;
    pictures.push(`<img src="gallery/${file}" alt="${entry.state}: ${label}" height="360">`);
  }
  lines.push(...pictures);
}
for (const [name, called] of Object.entries(PAGES)) {
  const picture = await cut(join(from, `${name}-desktop-light.png`), { type: 'image/png', height: 800 });
  writeFileSync(join(docs, 'screenshots', `${called}.png`), picture);
}
writeFileSync(join(docs, 'gallery.md'), `${lines.join('\n')}\n`);
await browser.close();
console.log(`docs/gallery.md shows ${entries.length} states (${Math.round(bytes / 1024)} KiB)`);
