// What the payment API answers, looked at before it is believed.
import { CURRENCY_DIGITS, type Currency } from 'catalog';

/** A payment that the customer can now confirm. */
export interface CreatedPayment {
  readonly id: string;
  readonly service: string;
  readonly amountMinor: number;
  /** The whole price, of which the amount may be a part. */
  readonly priceMinor: number;
  readonly currency: Currency;
  /** The payment service's number: `pi_…` */
  readonly paymentIntentId: string;
  /** For whoever confirms the payment, and never to be shown. */
  readonly clientSecret: string;
  /** By which the page shows Stripe whose payment it is; without it the page takes no cards. */
  readonly publishableKey?: string;
  /** Where a local Stripe stands in for Stripe's own. */
  readonly localStripe?: string;
}

/** An error of the API, in its own words. */
export interface Refusal {
  readonly status: number;
  /** For programs; it stays the same. */
  readonly code: string;
  readonly message: string;
  /** The amount that the message speaks of, where it names one. */
  readonly bound?: { readonly minor: number; readonly currency: Currency };
  /** When it is worth trying again. */
  readonly retryAfterSecs?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The payment in an answer, or undefined where it is none. */
export function createdPayment(body: unknown): CreatedPayment | undefined {
  const payment = fields(fields(body)?.['payment']);
  if (payment === undefined) return undefined;
  const { id, service, amountMinor, priceMinor, currency, paymentIntentId, clientSecret } = payment;
  const texts = [id, service, paymentIntentId, clientSecret];
  if (!texts.every((text) => typeof text === 'string' && text !== '')) return undefined;
  if (!isMinor(amountMinor) || !isMinor(priceMinor) || !isCurrency(currency)) return undefined;
  const { publishableKey, localStripe, ...rest } = payment;
  return {
    ...(rest as unknown as CreatedPayment),
    ...(typeof publishableKey === 'string' ? { publishableKey } : {}),
    ...(typeof localStripe === 'string' ? { localStripe } : {}),
  };
}

/** The error in an answer, or undefined where it has another shape. */
export function refusal(response: Response, body: unknown): Refusal | undefined {
  const error = fields(fields(body)?.['error']);
  const { code, message, details } = error ?? {};
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const bound = boundOf(fields(details));
  return {
    status: response.status,
    code,
    message,
    ...(bound === undefined ? {} : { bound }),
    ...(Number.isSafeInteger(seconds) && seconds > 0 ? { retryAfterSecs: seconds } : {}),
  };
}

function boundOf(details: Fields | undefined): Refusal['bound'] {
  const bound = fields(details?.['minimum'] ?? details?.['price']);
  const { amountMinor, currency } = bound ?? {};
  return isMinor(amountMinor) && isCurrency(currency) ? { minor: amountMinor, currency } : undefined;
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function isMinor(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isCurrency(value: unknown): value is Currency {
  return typeof value === 'string' && Object.hasOwn(CURRENCY_DIGITS, value);
}
