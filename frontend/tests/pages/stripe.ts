// A stand-in for Stripe: makes payments, or answers what a test tells it to.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Stripe was asked for. */
export interface Asked {
  readonly key: string;
  readonly form: URLSearchParams;
}

export class Stripe {
  readonly asked: Asked[] = [];
  /** What it answers instead of making a payment. */
  answers: { status: number; body: unknown } | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      const key = String(request.headers['idempotency-key']);
      this.asked.push({ key, form: new URLSearchParams(body) });
      const made = { id: `pi_${key}`, client_secret: `pi_${key}_secret_kept` };
      const { status, body: answer } = this.answers ?? { status: 200, body: made };
      // No pause before the client asks again.
      response
        .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
        .end(JSON.stringify(answer));
    });
  }

  static async start(): Promise<Stripe> {
    const stripe = new Stripe();
    stripe.#server.listen(0, '127.0.0.1');
    await once(stripe.#server, 'listening');
    return stripe;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
