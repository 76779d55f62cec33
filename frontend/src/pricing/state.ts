// Whether somebody can have a product now, as the catalog says.
import type { Product } from 'catalog';

/** `unavailable` is shown nowhere: it was sold once, or will be without being announced. */
export type SaleState = 'on_sale' | 'coming_soon' | 'free' | 'free_later' | 'unavailable';

export function saleState({ active, comingSoon, free }: Product): SaleState {
  if (active) return free ? 'free' : 'on_sale';
  if (comingSoon) return 'coming_soon';
  return free ? 'free_later' : 'unavailable';
}

/** The products of a kind that the page shows, in the catalog's order. */
export function shown<P extends Product>(products: Readonly<Record<string, P>>): P[] {
  return Object.values(products).filter((product) => saleState(product) !== 'unavailable');
}
