// Against a sandbox that takes 25 requests a second.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripe } from './account.mjs';

test('of a burst, what is beyond the limit is refused, and answered a second later', async () => {
  const burst = await Promise.allSettled(Array.from({ length: 80 }, () => stripe.products.list()));
  const refused = burst.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  assert.ok(refused.length > 0 && refused.length <= 55, `${refused.length} of 80`);
  for (const error of refused) {
    assert.equal(error.statusCode, 429);
    assert.match(error.headers['stripe-rate-limited-reason'], /^(global|endpoint)-rate$/);
    assert.equal(error.headers['stripe-should-retry'], 'true');
  }
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answered = await stripe.products.list().then(() => true, () => false);
    if (answered) break;
    assert.ok(Date.now() < deadline, 'nothing was answered any more');
  }
});
