// A service: what it costs, what must be paid first, and the way to pay it where it can be paid.
import type { ServiceProduct } from 'catalog';
import { services as texts } from '../config/services.config';
import { money } from '../money/format';
import { Lines } from './Lines';
import { cycle, depositOf, type Offered, offered } from './prices';
import { type SaleState, saleState } from './state';

const BADGES: Partial<Record<SaleState, string>> = { coming_soon: 'Coming soon', free_later: 'Not available yet' };
/** What of the metadata customers are told, and under which name. */
const FACTS = { deliveryTime: 'Delivery', reportPages: 'Pages', targetRevenue: 'For revenues of' };

export function ServiceCard({ service, day }: { service: ServiceProduct; day: string }) {
  const state = saleState(service);
  const { name, description, features } = texts[service.id];
  const [price] = offered(service, day);
  const badge = BADGES[state];
  return (
    <li className="card">
      <div className="card-head">
        <h3>{name}</h3>
        {badge !== undefined && <span className="badge quiet">{badge}</span>}
      </div>
      <p className="muted">{description}</p>
      {price !== undefined && <PriceOf service={service} price={price} state={state} day={day} />}
      <Lines lines={features} />
      <Facts service={service} />
      {state === 'on_sale' && (
        <a className="button" href={`/payment?service=${encodeURIComponent(service.id)}`}>
          Pay<span className="unseen"> for {name}</span>
        </a>
      )}
    </li>
  );
}

type PriceProps = { service: ServiceProduct; price: Offered; state: SaleState; day: string };

function PriceOf({ service, price, state, day }: PriceProps) {
  const { minor, currency } = price;
  if (service.free) {
    return (
      <p className="price">
        <strong className="amount">Free</strong>
      </p>
    );
  }
  const deposit = depositOf(service, price, day);
  return (
    <div className="price">
      <p>
        <strong className="amount">{money(minor, currency)}</strong> <span className="cycle">{cycle(price.price)}</span>
      </p>
      {state === 'on_sale' && (
        <p className="muted">
          {deposit === undefined ? 'Paid in full' : `${money(deposit, currency)} deposit, the rest later`}
        </p>
      )}
    </div>
  );
}

function Facts({ service }: { service: ServiceProduct }) {
  const facts = Object.entries(FACTS).flatMap(([key, name]) => {
    const value = service.metadata[key];
    return value === undefined ? [] : [{ name, value: String(value) }];
  });
  return (
    <dl className="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
