// Where programs are and where a run leaves its files.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `target`, found upwards: built scripts lie deeper than their sources. */
export const root = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!folder.endsWith('end2end')) folder = dirname(folder);
  return dirname(folder);
})();

export const renovaProgram = resolve(process.env.RENOVA_BIN || join(root, 'target/debug/renova'));
export const dashboardProgram = resolve(process.env.DASHBOARD_BIN || join(root, 'target/debug/dashboard'));

/** Everything that a run writes and that is searched for secrets afterwards. */
const leftovers = (() => {
  const asked = process.env.RENOVA_E2E_DIR || process.env.RENOVA_E2E_ARTIFACTS;
  if (!asked) return mkdtempSync(join(tmpdir(), 'renova-e2e-'));
  mkdirSync(asked, { recursive: true });
  return resolve(asked);
})();

/** A new folder below the leftovers. */
export function newFolder(name: string): string {
  return mkdtempSync(join(leftovers, `${name}-`));
}

/** Ports of this machine that nothing listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((found, failed) => {
          server.once('error', failed);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            if (address && typeof address === 'object') found(address.port);
            else failed(new Error('no port'));
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
