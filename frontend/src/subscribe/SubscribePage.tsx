// The plan page: choose a plan and what belongs to it, see what it costs, and go on to pay.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { money } from '../money/format';
import { FieldError } from '../payment/FieldError';
import { BillingSwitch } from '../pricing/BillingSwitch';
import type { CheckoutService } from '../services/checkout';
import { Back, type Came } from './Back';
import { Base } from './Base';
import { type Choice, chosen, OFFERS } from './choice';
import { Extras } from './Extras';
import { keep } from './kept';
import { Matrix } from './Matrix';
import { Notice } from './Notice';
import { Order } from './Order';
import { saidOfCode, saidOfLines } from './places';
import { Seats } from './Seats';
import { orderOf, sums } from './sums';
import { type Checkout, useCheckout } from './useCheckout';

type Props = {
  readonly api: CheckoutService;
  readonly day: string;
  readonly first: Choice;
  readonly came: Came;
  /** Leads to another page. */
  readonly go: (url: string) => void;
};

export function SubscribePage({ api, day, first, came, go }: Props) {
  const checkout = useCheckout(api, go);
  const [choice, setChoice] = useState(first);
  const change = (changed: Partial<Choice>) => {
    setChoice({ ...choice, ...changed });
    checkout.forget();
  };
  return (
    <>
      <div className="intro">
        <h1>Choose your plan</h1>
        <p>
          Put together what you need. You see every amount before you pay, and pay on a page of our payment service.
        </p>
        <Back came={came} />
      </div>
      <Form choice={choice} change={change} checkout={checkout} day={day} />
      <Matrix />
    </>
  );
}

type FormProps = {
  readonly choice: Choice;
  readonly change: (changed: Partial<Choice>) => void;
  readonly checkout: Checkout;
  readonly day: string;
};

function Form({ choice, change, checkout, day }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [unchosen, setUnchosen] = useState(false);
  const { progress } = checkout;
  const { lines, problems } = chosen(choice, day);
  const total = sums(lines);
  const ofLines = saidOfLines(progress, lines);
  const ofCode = saidOfCode(progress);
  const shown = { ...problems, ...ofLines };
  const isBusy = progress.is === 'sending' || progress.is === 'leaving';
  const isReady = total !== undefined && Object.keys(problems).length === 0;

  // What is wrong is gone to, once it is told.
  useEffect(() => {
    if (progress.is === 'failed') form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [progress]);

  const buy = (event?: FormEvent) => {
    event?.preventDefault();
    setUnchosen(lines.length === 0);
    if (!isReady) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    keep(choice);
    void checkout.checkOut(orderOf(lines, choice));
  };
  const again = () => (progress.is === 'failed' && progress.wanted === 'portal' ? void checkout.openPortal() : buy());
  const place = { choice, change, day, problems: shown };
  return (
    <div className="columns">
      <form ref={form} className="card form" onSubmit={buy} noValidate aria-busy={isBusy}>
        <BillingSwitch cycle={choice.cycle} onChange={(cycle) => change({ cycle })} />
        <Base {...place} />
        <Seats {...place} />
        <Extras title="Add-ons" products={OFFERS.addons} {...place} />
        <Extras title="Paid once" products={OFFERS.fees} {...place} />
        <CodeField value={choice.code} error={ofCode} change={change} />
        <FieldError
          id="order-error"
          text={unchosen && lines.length === 0 ? 'Choose a plan, users or an add-on' : undefined}
        />
        <Notice progress={progress} placed={ofCode !== undefined || Object.keys(ofLines).length > 0} retry={again} />
        <button type="submit" className="button large" aria-disabled={isBusy} aria-describedby="order-error">
          {buttonText(checkout, total === undefined ? undefined : money(total.due, total.currency))}
        </button>
        <button
          type="button"
          className="button plain"
          aria-disabled={isBusy}
          onClick={() => void checkout.openPortal()}
        >
          Manage billing
        </button>
      </form>
      <Order lines={lines} sums={total} cycle={choice.cycle} />
    </div>
  );
}

function buttonText({ progress }: Checkout, due: string | undefined): string {
  if (progress.is === 'leaving') return 'Opening the payment page …';
  if (progress.is === 'sending' && progress.wanted === 'checkout') return 'Asking for the payment page …';
  return due === undefined ? 'Continue to payment' : `Continue to payment: ${due} due today`;
}

type CodeProps = Pick<FormProps, 'change'> & { readonly value: string; readonly error: string | undefined };

function CodeField({ value, error, change }: CodeProps) {
  return (
    <div className="field">
      <label htmlFor="code">
        Promotion code <span className="muted">(if you have one)</span>
      </label>
      <input
        id="code"
        type="text"
        autoComplete="off"
        maxLength={255}
        value={value}
        aria-invalid={error !== undefined || undefined}
        aria-describedby="code-error"
        onChange={(event) => change({ code: event.target.value })}
      />
      <FieldError id="code-error" text={error} />
    </div>
  );
}
