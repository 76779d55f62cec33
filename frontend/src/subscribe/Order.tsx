// What is chosen, what it costs, and the way to pay for it.
import { money } from '../money/format';
import type { Cycle } from '../pricing/BillingSwitch';
import { type Line, nameOf } from './choice';
import { type Sums, sumOf } from './sums';

export function Order({ lines, sums, cycle }: { lines: readonly Line[]; sums: Sums | undefined; cycle: Cycle }) {
  return (
    <aside className="card summary" aria-labelledby="order-title">
      <h2 id="order-title">Your selection</h2>
      {lines.length === 0 && <p className="muted">Nothing is chosen yet.</p>}
      {lines.length > 0 && sums === undefined && <p>What is chosen is sold in several currencies, one at a time.</p>}
      <div aria-live="polite">
        <dl className="sums">
          {lines.map((line) => (
            <div key={nameOf(line.product)}>
              <dt>
                {line.quantity > 1 && `${line.quantity} × `}
                {line.product.name}
              </dt>
              <dd>{money(sumOf(line), line.offer.currency)}</dd>
            </div>
          ))}
          {sums !== undefined && <Totals sums={sums} cycle={cycle} />}
        </dl>
      </div>
      {sums !== undefined && <p className="hint">{trialText(sums)}</p>}
    </aside>
  );
}

function Totals({ sums, cycle }: { sums: Sums; cycle: Cycle }) {
  const { currency, recurring, once, due } = sums;
  return (
    <>
      {recurring > 0n && (
        <div className="sum">
          <dt>Per {cycle}</dt>
          <dd>{money(recurring, currency)}</dd>
        </div>
      )}
      {once > 0n && (
        <div>
          <dt>Once</dt>
          <dd>{money(once, currency)}</dd>
        </div>
      )}
      <div className="sum">
        <dt>Due today</dt>
        <dd>{money(due, currency)}</dd>
      </div>
    </>
  );
}

function trialText({ trialDays, losesTrial }: Sums): string {
  const before = 'Before taxes, and before a promotion code is taken off.';
  if (trialDays > 0) return `The first ${trialDays} days are free. ${before}`;
  return losesTrial ? `Not everything that is chosen can be tried first, so this begins at once. ${before}` : before;
}
