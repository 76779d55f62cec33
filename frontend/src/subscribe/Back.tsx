// Said to customers who come back from the payment service.

/** What the address says of a checkout; undefined where it says nothing. */
export type Came = 'paid' | 'left' | undefined;

export function cameBack(search: string): Came {
  const outcome = new URLSearchParams(search).get('checkout');
  return outcome === 'paid' || outcome === 'left' ? outcome : undefined;
}

export function Back({ came }: { came: Came }) {
  if (came === undefined) return null;
  return (
    <div className="told" role="status">
      <p>
        <strong>{came === 'paid' ? 'Thank you, your order is placed' : 'Nothing was bought'}</strong>
      </p>
      <p>
        {came === 'paid'
          ? 'The payment service sends you the receipt. What you have stands under “Manage billing”.'
          : 'You left the payment page. Your selection is as it was.'}
      </p>
    </div>
  );
}
