// What each plan grants, feature by feature, as the catalog says.
import { FEATURES, type FeatureId, type Product } from 'catalog';
import { quantityOf } from '../pricing/grants';
import { nameOf, OFFERS } from './choice';

export function Matrix() {
  const products = [...OFFERS.plans, ...OFFERS.organizations];
  const features = Object.values(FEATURES).filter(({ id }) => products.some((product) => product.features[id]));
  return (
    <div className="section">
      <h2 id="matrix-title">What is included</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its window is scrolled with the keyboard, too */}
      <section className="matrix" aria-labelledby="matrix-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Feature</th>
              {products.map((product) => (
                <th key={nameOf(product)} scope="col">
                  {product.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {features.map((feature) => (
              <tr key={feature.id}>
                <th scope="row">{feature.name}</th>
                {products.map((product) => (
                  <td key={nameOf(product)}>{grantText(product, feature.id)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** `Yes`, `25,000`, `50 GB`, `Unlimited`, or a dash. */
export function grantText({ features }: Pick<Product, 'features'>, id: FeatureId): string {
  const grant = features[id];
  if (grant === undefined) return '–';
  return grant === true ? 'Yes' : quantityOf(id, grant);
}
