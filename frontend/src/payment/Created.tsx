// A payment that was made and that the customer has to confirm.
import type { ServiceProduct } from 'catalog';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { money } from '../money/format';
import type { Confirmed } from '../services/confirmed';
import type { CreatedPayment } from '../services/payment-answer';
import type { ConfirmationProps } from './Confirmation';
import { Outcome } from './Outcome';

type Props = {
  readonly payment: CreatedPayment;
  readonly service: ServiceProduct;
  readonly confirmation: ComponentType<ConfirmationProps>;
};

export function Created({ payment, service, confirmation: Confirm }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [confirmed, setConfirmed] = useState<Confirmed>();
  // The form is gone: whoever reads by ear or by keyboard goes on here.
  useEffect(() => heading.current?.focus(), []);
  const rest = payment.priceMinor - payment.amountMinor;
  if (confirmed !== undefined) {
    return (
      <div className="card made">
        <Outcome paymentIntentId={payment.paymentIntentId} confirmed={confirmed} />
        <p>
          <a href="/payment">Pay for something else</a>
        </p>
      </div>
    );
  }
  return (
    <div className="card made">
      <h2 ref={heading} tabIndex={-1}>
        Your payment is prepared
      </h2>
      <p>
        <strong>{money(payment.amountMinor, payment.currency)}</strong> for {service.name}. Nothing has been charged
        yet.
      </p>
      {rest > 0 && <p className="muted">{money(rest, payment.currency)} of the price is left for later.</p>}
      <Confirm payment={payment} done={setConfirmed} />
      <p>
        <a href="/payment">Pay for something else</a>
      </p>
    </div>
  );
}
