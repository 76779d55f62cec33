// The plan, or the organization plan, that everything else is added to.
import { organizations, type Product } from 'catalog';
import { money } from '../money/format';
import { FieldError } from '../payment/FieldError';
import { cycle as cycleText } from '../pricing/prices';
import { type Choice, nameOf, OFFERS, priceOf } from './choice';

type Props = {
  readonly choice: Choice;
  readonly change: (changed: Partial<Choice>) => void;
  readonly day: string;
  readonly problems: Readonly<Record<string, string>>;
};

export function Base({ choice, change, day, problems }: Props) {
  const problem = choice.base === undefined ? undefined : problems[choice.base];
  return (
    <fieldset className="field" aria-describedby="base-error">
      <legend>Plan</legend>
      <Option name="" text="No plan" detail="Add-ons and users only" choice={choice} change={change} />
      {[...OFFERS.plans, ...OFFERS.organizations].map((product) => (
        <Option
          key={nameOf(product)}
          name={nameOf(product)}
          text={product.name}
          detail={seats(product)}
          price={priceText(product, choice, day)}
          invalid={problems[nameOf(product)] !== undefined}
          choice={choice}
          change={change}
        />
      ))}
      <FieldError id="base-error" text={problem} />
    </fieldset>
  );
}

type OptionProps = Pick<Props, 'choice' | 'change'> & {
  readonly name: string;
  readonly text: string;
  readonly detail?: string | undefined;
  readonly price?: string;
  readonly invalid?: boolean;
};

function Option({ name, text, detail, price, invalid = false, choice, change }: OptionProps) {
  return (
    <label className="part">
      <input
        type="radio"
        name="base"
        value={name}
        checked={(choice.base ?? '') === name}
        aria-invalid={invalid || undefined}
        onChange={() => change({ base: name === '' ? undefined : name })}
      />
      <span>
        {text}
        {detail !== undefined && <span className="hint"> {detail}</span>}
      </span>
      {price !== undefined && <span className="part-sum">{price}</span>}
    </label>
  );
}

/** What it costs in the chosen cycle, or in which one it is paid. */
function priceText(product: Product, { cycle }: Choice, day: string): string {
  const offer = priceOf(product, cycle, day);
  if (offer !== undefined) return `${money(offer.minor, offer.currency)} ${cycleText(offer.price)}`;
  return cycle === 'year' ? 'monthly only' : 'yearly only';
}

function seats({ kind, id }: Product): string | undefined {
  if (kind !== 'organization') return undefined;
  const included = Object.values(organizations).find((product) => product.id === id)?.attributes.seats;
  return included === undefined ? undefined : `up to ${included} users`;
}
