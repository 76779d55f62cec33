// The local Stripe of this project, in a process of its own, at a free port.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { program } from './shop';

export const SECRET_KEY = 'sk_test_ofthepages';

export class LocalStripe {
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(address: string, process: ChildProcess) {
    this.address = address;
    this.#process = process;
  }

  static async start(): Promise<LocalStripe> {
    const process = spawn(program(), ['sandbox', '--address', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface(process.stdout)) {
      const address = /answers at (http:\S+)/.exec(line)?.[1];
      if (address !== undefined) return new LocalStripe(address, process);
    }
    throw new Error('the local Stripe ended');
  }

  /** The status of a payment, as its company sees it. */
  async statusOf(id: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${SECRET_KEY}` };
    const answer = await fetch(`${this.address}/v1/payment_intents/${id}`, { headers });
    return ((await answer.json()) as { status: unknown }).status;
  }

  stop(): void {
    this.#process.kill();
  }
}
