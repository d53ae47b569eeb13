// scripts/dashboard-html.sh as docs/embedding.md names it: the example with a Renova of its own, and nothing
// left of either once it is told to end.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { embeddedBanner } from '../support/embed.js';
import { freePorts, newFolder, renovaProgram, root } from '../support/places.js';
import { expect, test } from '../support/test.js';

async function firstLine(script: ChildProcess): Promise<string> {
  return new Promise((said, failed) => {
    createInterface({ input: script.stdout! }).once('line', said);
    script.once('exit', (code) => failed(new Error(`it ended (${code})`)));
  });
}

test('the script starts the dashboard beside a Renova, and takes both away', async ({ desk, watch }) => {
  watch.allow(/favicon\.ico/);
  const [port, renova, sim] = (await freePorts(3)) as [number, number, number];
  const temporary = mkdtempSync(join(newFolder('script'), 'tmp-'));
  const script = spawn(join(root, 'scripts/dashboard-html.sh'), {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: temporary,
      PORT: String(port),
      RENOVA_PORT: String(renova),
      SIM_PORT: String(sim),
      RENOVA_BIN: renovaProgram,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(script, 'exit');
  try {
    const origin = `http://host.localhost:${port}`;
    expect(await firstLine(script)).toBe(`The dashboard is ready: ${origin}`);
    const { page } = await desk(undefined, { baseURL: origin });
    await page.goto('/');
    await page.getByRole('button', { name: /Ana/ }).click();
    await expect(embeddedBanner(page)).toHaveAttribute('data-count', '2');
    await page.close();
  } finally {
    script.kill('SIGTERM');
  }
  expect(await gone).toEqual([0, null]);
  for (const it of [port, renova, sim]) {
    await expect(fetch(`http://127.0.0.1:${it}/`)).rejects.toThrow('fetch failed');
  }
  expect(readdirSync(temporary)).toEqual([]);
});
