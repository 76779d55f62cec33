// What is added to a plan: add-ons, and fees that are paid once.
import type { Product } from 'catalog';
import { money } from '../money/format';
import { FieldError } from '../payment/FieldError';
import { cycle as cycleText } from '../pricing/prices';
import { type Choice, nameOf, priceOf } from './choice';

type Props = {
  readonly title: string;
  readonly products: readonly Product[];
  readonly choice: Choice;
  readonly change: (changed: Partial<Choice>) => void;
  readonly day: string;
  readonly problems: Readonly<Record<string, string>>;
};

export function Extras({ title, products, choice, change, day, problems }: Props) {
  if (products.length === 0) return null;
  const { extras } = choice;
  return (
    <fieldset className="field">
      <legend>{title}</legend>
      {products.map((product) => {
        const name = nameOf(product);
        const offer = priceOf(product, choice.cycle, day);
        const isChosen = extras.includes(name);
        const others = extras.filter((other) => other !== name);
        return (
          <div key={name} className="field">
            <label className="part">
              <input
                type="checkbox"
                checked={isChosen}
                aria-invalid={problems[name] !== undefined || undefined}
                aria-describedby={`${name}-error`}
                onChange={() => change({ extras: isChosen ? others : [...others, name] })}
              />
              <span>{product.name}</span>
              {offer !== undefined && (
                <span className="part-sum">
                  {money(offer.minor, offer.currency)} {cycleText(offer.price)}
                </span>
              )}
            </label>
            <FieldError id={`${name}-error`} text={problems[name]} />
          </div>
        );
      })}
    </fieldset>
  );
}
