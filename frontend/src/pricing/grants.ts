// What a product grants, in words.
import { FEATURES, type FeatureId, type Product } from 'catalog';
import { count } from '../money/format';

/** Something with a quantity: `Contacts`, `25,000`. */
export interface Quantity {
  readonly name: string;
  readonly value: string;
}

/** What comes in a quantity. */
export function quantities({ features }: Product): Quantity[] {
  return granted(features).flatMap(([id, grant]) =>
    grant === true ? [] : [{ name: FEATURES[id].name, value: quantityOf(id, grant) }],
  );
}

/** What is there or not. */
export function switches({ features }: Product): string[] {
  return granted(features).flatMap(([id, grant]) => (grant === true ? [FEATURES[id].name] : []));
}

/** The lines of the price list; where nobody wrote any, what the product grants. */
export function lines(product: Product): readonly string[] {
  const { marketingFeatures } = product;
  return marketingFeatures.length > 0 ? marketingFeatures : switches(product);
}

function granted(features: Product['features']): [FeatureId, true | number | 'unlimited'][] {
  return Object.entries(features) as [FeatureId, true | number | 'unlimited'][];
}

/** `25,000`, `50 GB`, `Unlimited`. */
export function quantityOf(id: FeatureId, grant: number | 'unlimited'): string {
  if (grant === 'unlimited') return 'Unlimited';
  // A symbol such as GB is said; a word would only repeat the name.
  const { unit } = FEATURES[id];
  return unit !== null && unit === unit.toUpperCase() ? `${count(grant)} ${unit}` : count(grant);
}
