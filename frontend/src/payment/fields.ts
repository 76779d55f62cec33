// At which field of the form an error of the server is shown.
import type { Refusal } from '../services/payment-answer';

export type Field = 'service' | 'amount' | 'reference';

const FIELD_OF_CODE: Readonly<Record<string, Field>> = {
  service_not_found: 'service',
  service_inactive: 'service',
  service_coming_soon: 'service',
  nothing_to_pay: 'service',
  price_not_found: 'service',
  price_billed_by_use: 'service',
  minimum_deposit_required: 'amount',
  full_price_required: 'amount',
  amount_above_price: 'amount',
  amount_too_fine: 'amount',
  currency_not_offered: 'amount',
  price_out_of_sync: 'amount',
  payment_refused: 'amount',
};

/** An invalid request names the field that it means first: `customerReference: 1 to 255 characters …`. */
const FIELD_OF_NAME: Readonly<Record<string, Field>> = {
  service: 'service',
  kind: 'service',
  price: 'service',
  amount: 'amount',
  currency: 'amount',
  customerReference: 'reference',
};

/** The field, or undefined for an error that is about none. */
export function fieldOf({ code, message }: Refusal): Field | undefined {
  if (code === 'invalid_request') return FIELD_OF_NAME[message.split(':')[0] ?? ''];
  return FIELD_OF_CODE[code];
}
