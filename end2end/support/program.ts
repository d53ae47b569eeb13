// A running server with its simulated Meta, in a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts, newFolder } from './places.js';
import { takeAway } from './secrets.js';

export interface Start {
  program: string;
  args?: string[];
  /** What the program prints once it answers. */
  ready: RegExp;
  /** The working folder; a new one otherwise. */
  folder?: string;
  /** Its own and the simulated Meta's; free ones otherwise. */
  ports?: [number, number];
  /** Settings beside ports and folder. */
  env?: Record<string, string>;
  /** The folder goes when the program ends. */
  temporary?: boolean;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Program {
  private child: ChildProcess | undefined;
  readonly dataDir: string;
  readonly log: string;

  private constructor(
    private readonly how: Start,
    folder: string,
    private readonly port: number,
    private readonly simPort: number,
  ) {
    this.dataDir = join(folder, 'data');
    this.log = join(folder, 'server.log');
  }

  static async start(how: Start): Promise<Program> {
    const folder = how.folder ?? newFolder('server');
    mkdirSync(folder, { recursive: true });
    const [port, simPort] = how.ports ?? ((await freePorts(2)) as [number, number]);
    const program = new Program({ ...how, folder }, folder, port, simPort);
    await program.run();
    return program;
  }

  /** Where browsers find the server. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where browsers find the simulated Meta: another site. */
  get metaUrl(): string {
    return `http://localhost:${this.simPort}`;
  }

  /** Where tests steer the simulated Meta. */
  get controlUrl(): string {
    return `http://127.0.0.1:${this.simPort}/_sim`;
  }

  /** Ends it as a power cut would, and starts it again on the same data. */
  async killAndRestart(): Promise<void> {
    await this.end('SIGKILL');
    await this.run();
  }

  /** Ends it in order. Answers the exit code. */
  async stop(): Promise<number | null> {
    const code = await this.end('SIGTERM');
    takeAway(this.dataDir);
    if (this.how.temporary && this.how.folder) rmSync(this.how.folder, { recursive: true });
    return code;
  }

  private async run(): Promise<void> {
    const { PATH, HOME, RUST_LOG, RUST_BACKTRACE } = process.env;
    const child = spawn(this.how.program, this.how.args ?? [], {
      cwd: this.how.folder,
      // Settings of the one who runs the tests must not change them.
      env: {
        PATH,
        HOME,
        RUST_LOG,
        RUST_BACKTRACE,
        PORT: String(this.port),
        SIM_PORT: String(this.simPort),
        DATA_DIR: this.dataDir,
        ...this.how.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stderr.on('data', (text: Buffer) => appendFileSync(this.log, text));
    await new Promise<void>((answers, failed) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        appendFileSync(this.log, `${line}\n`);
        if (this.how.ready.test(line)) answers();
      });
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`${this.how.program} ended (${code}):\n${this.tail()}`)));
    });
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  private tail(): string {
    try {
      return readFileSync(this.log, 'utf8').slice(-2_000);
    } catch {
      return '(it said nothing)';
    }
  }
}
