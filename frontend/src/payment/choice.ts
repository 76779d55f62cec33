// What can be paid for on a day, and how much of it at once.
import { type Currency, type ServiceId, type ServiceProduct, services } from 'catalog';
import { type Decimal, major, minor } from '../money/decimal';
import { typedAmount } from '../money/typed';
import { depositOf, type Offered, offered } from '../pricing/prices';
import { saleState } from '../pricing/state';
import type { PaymentOrder } from '../services/payment-v2';

/** A service that can be paid for. */
export interface Payable {
  readonly service: ServiceProduct;
  readonly offer: Offered;
  /** In minor units; undefined where it is paid in full. */
  readonly depositMinor: number | undefined;
}

/** How much of the price. */
export type Part = 'deposit' | 'full' | 'other';

/** What the form holds. */
export interface Entries {
  readonly service: ServiceId;
  readonly part: Part;
  /** The other amount, as it is typed. */
  readonly typed: string;
  readonly reference: string;
}

/** The services that can be paid for, in the catalog's order; what was used is paid for afterwards. */
export function payables(day: string): Payable[] {
  return Object.values(services).flatMap((service) => {
    const [offer] = offered(service, day);
    if (saleState(service) !== 'on_sale' || offer === undefined || offer.price.usage === 'metered') return [];
    return [{ service, offer, depositMinor: depositOf(service, offer, day) }];
  });
}

/** The part that is chosen first: the least. */
export function firstPart({ depositMinor }: Payable): Part {
  return depositMinor === undefined ? 'full' : 'deposit';
}

/** The amount that the entries mean in major units, or undefined where none can be read. */
export function amountOf({ offer, depositMinor }: Payable, { part, typed }: Entries): Decimal | undefined {
  const { minor, currency } = offer;
  switch (part) {
    case 'deposit':
      return major(depositMinor ?? minor, currency);
    case 'full':
      return major(minor, currency);
    case 'other':
      return typedAmount(typed, currency);
  }
}

/** What is left of the price, in minor units; undefined where nothing is. */
export function restMinor(priceMinor: number, amount: Decimal, currency: Currency): bigint | undefined {
  const paid = minor(amount, currency);
  const rest = paid === undefined ? 0n : BigInt(priceMinor) - paid;
  return rest > 0n ? rest : undefined;
}

/** The order of an amount. */
export function orderOf({ service, offer }: Payable, amount: Decimal, reference: string): PaymentOrder {
  const customerReference = reference.trim();
  return {
    kind: service.kind,
    service: service.id,
    price: offer.price.key,
    amount,
    currency: offer.currency,
    ...(customerReference === '' ? {} : { customerReference }),
  };
}
