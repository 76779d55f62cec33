// How many users of each role.

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

export function Seats({ choice, change, day, problems }: Props) {
  return (
    <fieldset className="field">
      <legend>Users</legend>
      {OFFERS.roles.map((role) => {
        const name = nameOf(role);
        const offer = priceOf(role, choice.cycle, day);
        return (
          <div key={name} className="field">
            <div className="seats">
              <label htmlFor={name}>
                {role.name}
                {offer !== undefined && (
                  <span className="hint">
                    {' '}
                    {money(offer.minor, offer.currency)} {cycleText(offer.price)}
                  </span>
                )}
              </label>
              <input
                id={name}
                type="text"
                inputMode="numeric"
                autoComplete="off"
                placeholder="0"
                value={choice.seats[name] ?? ''}
                aria-invalid={problems[name] !== undefined || undefined}
                aria-describedby={`${name}-error`}
                onChange={(event) => change({ seats: { ...choice.seats, [name]: event.target.value } })}
              />
            </div>
            <FieldError id={`${name}-error`} text={problems[name]} />
          </div>
        );
      })}
    </fieldset>
  );
}
