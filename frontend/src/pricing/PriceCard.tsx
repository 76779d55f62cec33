// A subscription or a fee: what it costs in the chosen billing cycle, and what comes with it.
import type { Product } from 'catalog';
import { money } from '../money/format';
import type { Cycle } from './BillingSwitch';
import { lines, type Quantity, quantities } from './grants';
import { Lines } from './Lines';
import { announced, cycle as cycleText, elsewhere, type Offered, offered, yearlySaving } from './prices';
import { tierTexts } from './tiers';

type Props = {
  readonly product: Product;
  readonly cycle: Cycle;
  readonly day: string;
  readonly badge?: string | undefined;
  /** A quantity that is no feature, shown before the others. */
  readonly first?: Quantity;
  /** Where it can be bought. */
  readonly action?: string;
  /** The level of its name, which depends on what it stands below. */
  readonly heading?: 'h3' | 'h4';
};

export function PriceCard({ product, cycle, day, badge, first, action, heading: Heading = 'h4' }: Props) {
  const prices = offered(product, day);
  const price = prices.find((offer) => offer.price.interval?.unit === cycle) ?? prices[0];
  const counted = [...(first === undefined ? [] : [first]), ...quantities(product)];
  return (
    <li className={badge === undefined ? 'card' : 'card highlighted'}>
      <div className="card-head">
        <Heading>{product.name}</Heading>
        {badge !== undefined && <span className="badge">{badge}</span>}
      </div>
      <p className="muted">{product.description}</p>
      {price !== undefined && <PriceOf offer={price} all={prices} day={day} />}
      <ByUse product={product} day={day} />
      {counted.length > 0 && (
        <dl className="facts">
          {counted.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Lines lines={lines(product)} />
      {action !== undefined && (
        <a className="button" href={action}>
          Choose {product.name}
        </a>
      )}
    </li>
  );
}

function PriceOf({ offer, all, day }: { offer: Offered; all: readonly Offered[]; day: string }) {
  const saving = offer.price.interval?.unit === 'year' ? yearlySaving(all) : undefined;
  const change = announced(offer, day);
  const others = elsewhere(offer, day);
  const { trialDays } = offer.price;
  return (
    <div className="price">
      <p>
        <strong className="amount">{money(offer.minor, offer.currency)}</strong>{' '}
        <span className="cycle">{cycleText(offer.price)}</span>
      </p>
      {saving !== undefined && <p className="good">Saves {money(saving.minor, saving.currency)} a year</p>}
      {change !== undefined && <p className="notice">{change}</p>}
      {trialDays > 0 && <p className="muted">{trialDays} days to try it</p>}
      {others !== '' && <p className="muted">Also {others}</p>}
    </div>
  );
}

function ByUse({ product, day }: { product: Product; day: string }) {
  return Object.values(product.prices).map((price) =>
    price?.scheme === 'tiered' && price.active ? (
      <div key={price.key}>
        <p className="label">{price.label}</p>
        <dl className="facts">
          {tierTexts(price, day).map((tier) => (
            <div key={tier.range}>
              <dt>{tier.range}</dt>
              <dd>{tier.price}</dd>
            </div>
          ))}
        </dl>
      </div>
    ) : null,
  );
}
