// What can be subscribed to, what of it is chosen, and the lines that this makes.
import { addons, fees, organizations, type Product, plans, roles } from 'catalog';
import { count } from '../money/format';
import type { Cycle } from '../pricing/BillingSwitch';
import { type Offered, offered } from '../pricing/prices';
import { saleState } from '../pricing/state';

/** What is chosen. */
export interface Choice {
  readonly cycle: Cycle;
  /** A plan or an organization plan, as `plan/professional`. */
  readonly base: string | undefined;
  /** Add-ons and fees, as `addon/marketing_suite`. */
  readonly extras: readonly string[];
  /** How many users of each role, as it is typed, by `role/admin_elite`. */
  readonly seats: Readonly<Record<string, string>>;
  /** A promotion code, as it is typed. */
  readonly code: string;
}

/** So much of one price. */
export interface Line {
  readonly product: Product;
  readonly offer: Offered;
  readonly quantity: number;
}

/** The lines of a choice, and what is wrong with it, by `kind/id`. */
export interface Chosen {
  readonly lines: readonly Line[];
  readonly problems: Readonly<Record<string, string>>;
}

export const NOTHING: Choice = { cycle: 'month', base: undefined, extras: [], seats: {}, code: '' };

/** As many of one price as are sold at once. */
const MOST_SEATS = 10_000;

const sold = (products: Readonly<Record<string, Product>>) =>
  Object.values(products).filter((product) => saleState(product) === 'on_sale');

/** What is on sale, in the catalog's order. */
export const OFFERS = {
  plans: sold(plans),
  organizations: sold(organizations),
  addons: sold(addons),
  roles: sold(roles),
  fees: sold(fees),
};

/** `plan/professional`, which is how a choice names it. */
export function nameOf({ kind, id }: Product): string {
  return `${kind}/${id}`;
}

/** The price of a product that is paid once, or else every month or year; undefined where it has none such. */
export function priceOf(product: Product, cycle: Cycle, day: string): Offered | undefined {
  const sold = offered(product, day).filter(({ price }) => price.active && price.usage === 'licensed');
  const recurs = ({ price }: Offered) => price.interval?.unit === cycle && price.interval.count === 1;
  return sold.find(({ price }) => price.interval === null) ?? sold.find(recurs);
}

/** The quantity that was typed: none where nothing was, undefined where it is no number that is sold. */
export function seatsOf(text: string): number | undefined {
  const typed = text.trim();
  if (typed === '') return 0;
  const seats = /^\d{1,6}$/.test(typed) ? Number.parseInt(typed, 10) : Number.NaN;
  return seats <= MOST_SEATS ? seats : undefined;
}

/** What a choice means on a day. */
export function chosen(choice: Choice, day: string): Chosen {
  const lines: Line[] = [];
  const problems: Record<string, string> = {};
  const add = (product: Product, quantity: number) => {
    const offer = priceOf(product, choice.cycle, day);
    if (offer === undefined) {
      problems[nameOf(product)] = `${product.name} is not paid by the ${choice.cycle}`;
    } else if (quantity > 0) {
      lines.push({ product, offer, quantity });
    }
  };
  const base = [...OFFERS.plans, ...OFFERS.organizations].find((product) => nameOf(product) === choice.base);
  if (base !== undefined) add(base, 1);
  for (const role of OFFERS.roles) {
    const seats = seatsOf(choice.seats[nameOf(role)] ?? '');
    if (seats === undefined) problems[nameOf(role)] = `A whole number from 0 to ${count(MOST_SEATS)}`;
    else if (seats > 0) add(role, seats);
  }
  for (const extra of [...OFFERS.addons, ...OFFERS.fees]) {
    if (choice.extras.includes(nameOf(extra))) add(extra, 1);
  }
  return { lines, problems };
}

/** The choice that an address asks for: `?plan=professional&cycle=year`; the rest is left open. */
export function asked(search: string): Choice {
  const query = new URLSearchParams(search);
  const wanted = ['plan', 'organization'].map((kind) => `${kind}/${query.get(kind)}`);
  const base = [...OFFERS.plans, ...OFFERS.organizations].map(nameOf).find((name) => wanted.includes(name));
  return { ...NOTHING, base, cycle: query.get('cycle') === 'year' ? 'year' : 'month' };
}
