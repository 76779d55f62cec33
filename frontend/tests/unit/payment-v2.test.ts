// The payment client: what it sends, and what it believes of the answer.
import { describe, expect, it } from 'vitest';
import { type PaymentOrder, PaymentService } from '../../src/services/payment-v2';

const ORDER: PaymentOrder = {
  kind: 'service',
  service: 'market-essentials',
  price: 'one_time',
  amount: '299.50',
  currency: 'usd',
  customerReference: 'order-1',
};

const PAYMENT = {
  id: 'a',
  status: 'created',
  service: 'market-essentials',
  amountMinor: 29950,
  priceMinor: 149500,
  currency: 'usd',
  paymentIntentId: 'pi_1',
  clientSecret: 'pi_1_secret',
};

/** The outcome of an answer. */
function outcome(body: unknown, init: ResponseInit = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new PaymentService('', async () => new Response(text, init)).createPayment(ORDER, 'key');
}

describe('the payment client', () => {
  it('sends the order as it is, with its key, to the API that it was made for', async () => {
    let sent: { url: string; init: RequestInit } | undefined;
    const api = new PaymentService('https://pay.example', async (url, init) => {
      sent = { url: String(url), init: init ?? {} };
      return new Response(JSON.stringify({ success: true, payment: PAYMENT }), { status: 201 });
    });
    expect(await api.createPayment(ORDER, 'key-1')).toMatchObject({ is: 'created', payment: { amountMinor: 29950 } });
    expect(sent?.url).toBe('https://pay.example/create-payment');
    expect(sent?.init.headers).toEqual({ 'content-type': 'application/json', 'idempotency-key': 'key-1' });
    expect(JSON.parse(String(sent?.init.body))).toEqual(ORDER);
    expect(String(sent?.init.body)).toContain('"299.50"');
  });

  it('repeats the words of a refusal, with its bound and when to ask again', async () => {
    const details = { minimum: { amount: 299, amountMinor: 29900, currency: 'usd' } };
    const error = { code: 'minimum_deposit_required', message: 'Minimum deposit required', details };
    const answer = await outcome({ success: false, error }, { status: 422, headers: { 'retry-after': '7' } });
    const bound = { minor: 29900, currency: 'usd' };
    const refusal = { status: 422, code: error.code, message: error.message, bound, retryAfterSecs: 7 };
    expect(answer).toEqual({ is: 'refused', refusal });
  });

  it.each([
    ['no JSON', '<html>', {}],
    ['no object', 'null', { status: 201 }],
    ['a payment without a secret', { payment: { ...PAYMENT, clientSecret: '' } }, { status: 201 }],
    ['a payment of half a cent', { payment: { ...PAYMENT, amountMinor: 0.5 } }, { status: 201 }],
    ['a payment in no currency of ours', { payment: { ...PAYMENT, currency: 'toString' } }, { status: 201 }],
    ['an error without words', { error: { code: 'x' } }, { status: 422 }],
    ['an error that is called a success', { error: { code: 'x', message: 'y' } }, { status: 200 }],
  ])('takes %s for no answer', async (_, body, init) => {
    expect(await outcome(body, init)).toEqual({ is: 'unanswered' });
  });

  it('takes a lost connection for no answer', async () => {
    const api = new PaymentService('', () => Promise.reject(new TypeError('Failed to fetch')));
    expect(await api.createPayment(ORDER, 'key')).toEqual({ is: 'unanswered' });
  });
});
