// The command line beside a running server, on its database.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renovaProgram } from './places.js';
import type { Program } from './program.js';

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
