// The checkout client: what it sends, and what it believes of an answer.
import { describe, expect, it } from 'vitest';
import { CheckoutService } from '../../src/services/checkout';

const ORDER = { lines: [{ price: 'plan_starter_monthly', quantity: 1 }] };

function answering(body: unknown, init: ResponseInit = {}) {
  const asked: { url: string; request: RequestInit | undefined }[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const api = new CheckoutService('https://api.example', async (url, request) => {
    asked.push({ url: String(url), request });
    return new Response(text, init);
  });
  return { api, asked };
}

describe('the checkout client', () => {
  it('sends what is chosen, and no amount', async () => {
    const { api, asked } = answering({ checkout: { url: 'https://pay.example/1' } }, { status: 201 });
    expect(await api.checkOut(ORDER, 'key-1')).toEqual({ is: 'created', url: 'https://pay.example/1' });
    expect(asked[0]?.url).toBe('https://api.example/api/checkout');
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key-1' };
    expect(asked[0]?.request).toMatchObject({ method: 'POST', headers, body: JSON.stringify(ORDER) });
  });

  it('asks for the page of whoever is signed in, and names nobody', async () => {
    const { api, asked } = answering({ portal: { url: 'http://127.0.0.1:12111/p' } });
    expect(await api.openPortal()).toEqual({ is: 'created', url: 'http://127.0.0.1:12111/p' });
    expect([asked[0]?.url, asked[0]?.request?.body]).toEqual(['https://api.example/api/billing-portal', '{}']);
  });

  it('tells a refusal, and which price it is about', async () => {
    const error = { code: 'price_out_of_sync', message: 'No.', details: { price: 'plan_starter_monthly' } };
    const { api } = answering({ success: false, error }, { status: 409 });
    const refusal = { status: 409, code: error.code, message: 'No.', price: 'plan_starter_monthly' };
    expect(await api.checkOut(ORDER, 'key')).toEqual({ is: 'refused', refusal });
  });

  it.each([
    ['no JSON', '<html>', 201],
    ['no address', { checkout: {} }, 201],
    ['an address that runs something', { checkout: { url: 'javascript:alert(1)' } }, 201],
    ['an error without words', { error: { code: 'x' } }, 422],
  ])('takes %s for no answer', async (_, body, status) => {
    expect(await answering(body, { status }).api.checkOut(ORDER, 'key')).toEqual({ is: 'unanswered' });
  });

  it('takes a lost connection for no answer', async () => {
    const api = new CheckoutService('', () => Promise.reject(new TypeError('Failed to fetch')));
    expect(await api.checkOut(ORDER, 'key')).toEqual({ is: 'unanswered' });
  });
});
