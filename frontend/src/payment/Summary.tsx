// What is paid for, beside the form.
import type { Decimal } from '../money/decimal';
import { amount as amountText, money } from '../money/format';
import { Lines } from '../pricing/Lines';
import { cycle } from '../pricing/prices';
import { type Payable, restMinor } from './choice';

export function Summary({ chosen, amount }: { chosen: Payable; amount: Decimal | undefined }) {
  const { service, offer } = chosen;
  const { minor, currency } = offer;
  const rest = amount === undefined ? undefined : restMinor(minor, amount, currency);
  return (
    <aside className="card summary" aria-labelledby="summary-title">
      <h2 id="summary-title">{service.name}</h2>
      <dl className="sums">
        <div>
          <dt>Price, {cycle(offer.price)}</dt>
          <dd>{money(minor, currency)}</dd>
        </div>
        <div className="sum">
          <dt>You pay now</dt>
          <dd>{amount === undefined ? '–' : amountText(amount, currency)}</dd>
        </div>
        {rest !== undefined && (
          <div>
            <dt>Left for later</dt>
            <dd>{money(rest, currency)}</dd>
          </div>
        )}
      </dl>
      <Lines lines={service.marketingFeatures} />
    </aside>
  );
}
