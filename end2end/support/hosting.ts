// The examples of hosts of another origin, each with a Renova of its own.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dashboardProgram, freePorts, renovaProgram, root } from './places.js';
import { Program } from './program.js';
import { remember } from './secrets.js';

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A host of its own pages beside one Renova. */
export class HtmlDashboard {
  private constructor(
    readonly renova: Program,
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  get origin(): string {
    return `http://host.localhost:${this.port}`;
  }

  /** `settings`: of the Renova beside it. */
  static async start(hostCoop = '', settings: Record<string, string> = {}): Promise<HtmlDashboard> {
    const [port] = await freePorts(1);
    const renova = await Program.start({
      program: renovaProgram,
      args: ['demo'],
      ready: /^Renova is ready: /,
      env: { RENOVA_EMBED_ORIGINS: `http://host.localhost:${port}`, ...settings },
    });
    const child = await startHost(port!, renova, hostCoop);
    return new HtmlDashboard(renova, child, port!);
  }

  async stop(): Promise<number | null> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
    return this.renova.stop();
  }
}

async function startHost(port: number, renova: Program, coop: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'examples/dashboard-html/server.mjs')], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      RENOVA_URL: renova.url,
      RENOVA_API_KEY: apiKey(renova),
      HOST_COOP: coop,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  await new Promise<void>((ready, failed) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('The dashboard is ready')) ready();
    });
    child.once('exit', (code) => failed(new Error(`the dashboard ended (${code})`)));
  });
  return child;
}

/** A key as an operator makes it. */
export function apiKey(renova: Program, scope = 'embed-sessions:write'): string {
  const key = execFileSync(renovaProgram, ['apikey', 'add', '--name', 'dashboard', '--scope', scope], {
    env: {
      PATH: process.env.PATH,
      RENOVA_DATABASE_URL: `sqlite://${join(renova.dataDir, 'renova.db')}`,
      RENOVA_ENCRYPTION_KEYS: readFileSync(join(renova.dataDir, 'key'), 'utf8').trim(),
    },
    encoding: 'utf8',
  }).trim();
  remember(key);
  return key;
}

/** examples/dashboard, which shows a Renova of another origin at `/away`. */
export class LeptosDashboard {
  private constructor(
    readonly renova: Program,
    private readonly dashboard: Program,
  ) {}

  get origin(): string {
    return this.dashboard.url;
  }

  static async start(hostCoop = ''): Promise<LeptosDashboard> {
    const ports = (await freePorts(2)) as [number, number];
    const renova = await Program.start({
      program: renovaProgram,
      args: ['demo'],
      ready: /^Renova is ready: /,
      env: { RENOVA_EMBED_ORIGINS: `http://127.0.0.1:${ports[0]}` },
    });
    const dashboard = await Program.start({
      program: dashboardProgram,
      ports,
      ready: /^The dashboard is ready: /,
      env: { REMOTE_RENOVA: renova.url, RENOVA_API_KEY: apiKey(renova), HOST_COOP: hostCoop },
    });
    return new LeptosDashboard(renova, dashboard);
  }

  async stop(): Promise<number | null> {
    await this.dashboard.stop();
    return this.renova.stop();
  }
}
