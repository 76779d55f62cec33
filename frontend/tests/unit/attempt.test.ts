// Idempotency keys: kept as long as the same payment is tried again.
import { describe, expect, it } from 'vitest';
import { Attempts } from '../../src/payment/attempt';
import type { PaymentOrder, PaymentOutcome } from '../../src/services/payment-v2';

const ORDER: PaymentOrder = { kind: 'service', service: 'a', price: 'one_time', amount: '1', currency: 'usd' };
const refused = (code: string, status = 400): PaymentOutcome => ({
  is: 'refused',
  refusal: { status, code, message: '' },
});

describe('an idempotency key', () => {
  it('is 128 random bits in letters that the API takes', () => {
    const keys = Array.from({ length: 50 }, () => new Attempts().keyOf(ORDER));
    expect(new Set(keys).size).toBe(50);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['nothing was answered', { is: 'unanswered' } as const],
    ['too much was asked', refused('rate_limit_exceeded')],
    ['the payment service failed', refused('payment_service_unavailable')],
    ['it is in use', refused('idempotency_key_in_use')],
  ])('stays when %s', (_, outcome) => {
    const attempts = new Attempts();
    const key = attempts.keyOf(ORDER);
    attempts.heard(outcome);
    expect(attempts.keyOf({ ...ORDER })).toBe(key);
  });

  it.each([
    ['a payment was made', { is: 'created', payment: {} as never } as const],
    ['the refusal would only be repeated', refused('payment_refused')],
    ['it belongs to another payment', refused('idempotency_key_reused')],
  ])('is another when %s', (_, outcome) => {
    const attempts = new Attempts();
    const key = attempts.keyOf(ORDER);
    attempts.heard(outcome);
    expect(attempts.keyOf(ORDER)).not.toBe(key);
  });

  it('is another for another order, also when that is changed back', () => {
    const attempts = new Attempts();
    const orders = [ORDER, { ...ORDER, amount: '2' as const }, ORDER, { ...ORDER, customerReference: 'x' }];
    expect(new Set(orders.map((order) => attempts.keyOf(order))).size).toBe(orders.length);
  });

  it.each([
    ['nothing was answered', { is: 'unanswered' } as const],
    ['the server does not know', refused('payment_outcome_unknown', 503)],
    ['the payment service does not answer', refused('payment_service_unavailable', 502)],
    ['another request is under way', refused('idempotency_key_in_use', 409)],
  ])('leaves open whether there is a payment when %s, until that is known', (_, outcome) => {
    const attempts = new Attempts();
    attempts.keyOf(ORDER);
    expect(attempts.heard(refused('database_unavailable', 503))).toBe(false);
    expect(attempts.heard(refused('rate_limit_exceeded', 429))).toBe(false);
    expect(attempts.heard(outcome)).toBe(true);
    expect(attempts.heard(refused('database_unavailable', 503))).toBe(true);
    attempts.keyOf(ORDER);
    expect(attempts.heard(refused('price_out_of_sync', 409))).toBe(true);
    expect(attempts.heard(refused('payment_refused', 402))).toBe(false);
  });

  it('leaves nothing open for another order', () => {
    const attempts = new Attempts();
    attempts.keyOf(ORDER);
    expect(attempts.heard({ is: 'unanswered' })).toBe(true);
    attempts.keyOf({ ...ORDER, amount: '2' });
    expect(attempts.heard(refused('rate_limit_exceeded', 429))).toBe(false);
  });
});
