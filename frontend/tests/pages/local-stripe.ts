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
    return ((await this.#get(`payment_intents/${id}`)) as { status: unknown }).status;
  }

  /** The lookup keys and quantities that a customer with this address has subscribed to. */
  async subscribed(email: string): Promise<[string, number][]> {
    type Item = { price: { lookup_key: string }; quantity: number };
    const customers = (await this.#get(`customers?email=${encodeURIComponent(email)}`)) as { data: { id: string }[] };
    const found = (await this.#get(`subscriptions?customer=${customers.data[0]?.id}`)) as {
      data: { items: { data: Item[] } }[];
    };
    return found.data.flatMap(({ items }) =>
      items.data.map(({ price, quantity }) => [price.lookup_key, quantity] as [string, number]),
    );
  }

  async #get(path: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${SECRET_KEY}` };
    return (await fetch(`${this.address}/v1/${path}`, { headers })).json();
  }

  stop(): void {
    this.#process.kill();
  }
}
