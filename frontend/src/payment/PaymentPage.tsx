// The payment page: choose a service and an amount, ask for the payment, and read what became of it.
import { type ComponentType, useState } from 'react';
import type { Returned } from '../services/confirmed';
import type { PaymentService } from '../services/payment-v2';
import type { ConfirmationProps } from './Confirmation';
import { Created } from './Created';
import { amountOf, type Entries, firstPart, type Payable, payables } from './choice';
import { Outcome } from './Outcome';
import { PaymentForm } from './PaymentForm';
import { Summary } from './Summary';
import { usePayment } from './usePayment';

type Props = {
  readonly api: PaymentService;
  /** The service that the address asks for. */
  readonly asked: string | null;
  readonly confirmation: ComponentType<ConfirmationProps>;
  readonly day: string;
  /** A payment whose customer comes back from their bank. */
  readonly returned: Returned | undefined;
};

export function PaymentPage({ api, asked, confirmation, day, returned }: Props) {
  const choices = payables(day);
  const payment = usePayment(api);
  const [entries, setEntries] = useState<Entries | undefined>(() => firstEntries(choices, asked));
  const [unknown, setUnknown] = useState(() => unknownOf(choices, asked));
  const chosen = choices.find(({ service }) => service.id === entries?.service);
  if (returned !== undefined) {
    return (
      <div className="intro">
        <h1>Payment</h1>
        <div className="card made">
          <Outcome {...returned} />
          <p>
            <a href="/payment">{returned.confirmed === 'failed' ? 'Try again' : 'Pay for something else'}</a>
          </p>
        </div>
      </div>
    );
  }
  if (entries === undefined || chosen === undefined) {
    return (
      <div className="intro">
        <h1>Payment</h1>
        <p>Nothing can be paid for at the moment.</p>
      </div>
    );
  }
  const { progress } = payment;
  const created =
    progress.is === 'heard' && progress.outcome.is === 'created'
      ? { payment: progress.outcome.payment, order: progress.order }
      : undefined;
  // What was paid for, which may not be what the entries say by now.
  const shown = choices.find(({ service }) => service.id === created?.order.service) ?? chosen;
  const change = (changed: Partial<Entries>) => {
    setEntries({ ...entries, ...changed });
    setUnknown(undefined);
    if (progress.is !== 'idle') payment.forget();
  };
  return (
    <>
      <div className="intro">
        <h1>Payment</h1>
        <p>Pay the deposit, the whole price, or any amount between the two.</p>
      </div>
      <div className="columns">
        {created === undefined ? (
          <PaymentForm
            choices={choices}
            chosen={chosen}
            entries={entries}
            change={change}
            payment={payment}
            unknown={unknown}
          />
        ) : (
          <Created payment={created.payment} service={shown.service} confirmation={confirmation} />
        )}
        <Summary chosen={shown} amount={created?.order.amount ?? amountOf(chosen, entries)} />
      </div>
    </>
  );
}

/** The service that is asked for, where it is none that can be paid for. */
function unknownOf(choices: readonly Payable[], asked: string | null): string | undefined {
  return choices.some(({ service }) => service.id === asked) ? undefined : (asked ?? undefined);
}

function firstEntries(choices: readonly Payable[], asked: string | null): Entries | undefined {
  const first = choices.find(({ service }) => service.id === asked) ?? choices[0];
  if (first === undefined) return undefined;
  return { service: first.service.id, part: firstPart(first), typed: '', reference: '' };
}
