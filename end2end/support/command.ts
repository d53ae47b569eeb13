// The command line beside a running server, on its database.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renovaProgram } from './places.js';
import type { Program } from './program.js';
import { remember } from './secrets.js';

/** What the command has printed. `input` is its standard input. */
export function command(renova: Program, args: string[], input = ''): Promise<string> {
  return new Promise((done, failed) => {
    const child = execFile(
      renovaProgram,
      args,
      {
        cwd: renova.dataDir,
        env: {
          PATH: process.env.PATH,
          RENOVA_PUBLIC_URL: renova.url,
          RENOVA_DATABASE_URL: `sqlite://${join(renova.dataDir, 'renova.db')}`,
          RENOVA_ENCRYPTION_KEYS: readFileSync(join(renova.dataDir, 'key'), 'utf8').trim(),
        },
      },
      (error, stdout, stderr) => (error ? failed(new Error(`${args.join(' ')}: ${stderr}`)) : done(stdout.trim())),
    );
    child.stdin?.end(input);
  });
}

/** Somebody whom the demo does not have. */
export interface Newcomer {
  email: string;
  name: string;
  password: string;
}

/** One more administrator of an organization. */
export async function addAdministrator(renova: Program, org: string, { email, name, password }: Newcomer): Promise<void> {
  remember(password);
  const who = ['--org', org, '--email', email, '--name', name, '--role', 'admin'];
  await command(renova, ['user', 'add', ...who], `${password}\n`);
}

/** A link by which somebody chooses a new password. */
export async function linkForPassword(renova: Program, email: string): Promise<string> {
  const link = await command(renova, ['user', 'reset-password', '--email', email]);
  remember(new URL(link).searchParams.get('token') ?? '');
  return link;
}
