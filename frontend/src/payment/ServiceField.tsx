// Which service is paid for.
import type { ServiceId } from 'catalog';
import type { Entries, Payable } from './choice';
import { FieldError } from './FieldError';

type Props = {
  readonly choices: readonly Payable[];
  readonly value: ServiceId;
  readonly error: string | undefined;
  readonly change: (changed: Partial<Entries>) => void;
};

export function ServiceField({ choices, value, error, change }: Props) {
  return (
    <div className="field">
      <label htmlFor="service">Service</label>
      <select
        id="service"
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : 'service-error'}
        onChange={(event) => change({ service: event.target.value as ServiceId })}
      >
        {choices.map(({ service }) => (
          <option key={service.id} value={service.id}>
            {service.name}
          </option>
        ))}
      </select>
      <FieldError id="service-error" text={error} />
    </div>
  );
}
