// The real application, with a database of its own, at a free port.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Variables = Readonly<Record<string, string>>;

/** No limit of requests, for all tests come from one address. */
const UNLIMITED = {
  // Nobody but the payments asks Stripe.
  PRICEBOOK_STRIPE_AUTO_SYNC: 'none',
  PRICEBOOK_STRIPE_VALIDATE_SECS: '0',
  PRICEBOOK_RATE_PER_MINUTE: '0',
  PRICEBOOK_PAYMENT_RATE_PER_MINUTE: '0',
};

export class Shop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'pricebook-shop-'));
  #server: ChildProcess | undefined;
  #address = '';

  /** Its tables and rows as the catalog says, and the server with these settings. */
  static async open(variables: Variables = {}): Promise<Shop> {
    const shop = new Shop();
    execFileSync(program(), ['--no-serve'], { cwd: shop.#folder, env: shop.#environment({}), stdio: 'pipe' });
    await shop.#serve(variables);
    return shop;
  }

  get address(): string {
    return this.#address;
  }

  /** Changes the database behind the server's back. */
  execute(sql: string): void {
    const script = 'import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])';
    execFileSync('python3', ['-c', script, join(this.#folder, 'shop.db'), sql], { stdio: 'pipe' });
  }

  /** Runs a command on the database, and returns what it prints. */
  command(words: readonly string[], variables: Variables = {}): string {
    const options = { cwd: this.#folder, env: this.#environment(variables), stdio: 'pipe' } as const;
    return execFileSync(program(), words, options).toString();
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server !== undefined && server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }

  async #serve(variables: Variables): Promise<void> {
    const env = this.#environment({ ...UNLIMITED, ...variables });
    const server = spawn(program(), ['serve'], { cwd: this.#folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#server = server;
    let said = '';
    server.stderr.on('data', (part) => {
      said += part;
    });
    for await (const line of createInterface(server.stdout)) {
      const address = /^ +(http:\/\/[^/]+)\/payment$/.exec(line)?.[1];
      if (address !== undefined) {
        this.#address = address;
        return;
      }
    }
    throw new Error(`the server ended: ${said}`);
  }

  #environment(variables: Variables): NodeJS.ProcessEnv {
    const own = {
      DATABASE_URL: `sqlite:${join(this.#folder, 'shop.db')}`,
      PRICEBOOK_LISTEN: '127.0.0.1:0',
      // Each test says which Stripe it has.
      PRICEBOOK_STRIPE_LOCAL: 'false',
    };
    return { PATH: process.env['PATH'], HOME: process.env['HOME'], ...own, ...variables };
  }
}

/** A port at which nobody answers. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The application as `cargo build` leaves it. */
export function program(): string {
  const target = process.env['CARGO_TARGET_DIR'] ?? fileURLToPath(new URL('../../../target', import.meta.url));
  const path = join(target, 'debug/pricebook');
  if (!existsSync(path)) throw new Error(`There is no ${path}: run \`cargo build\` first`);
  return path;
}
