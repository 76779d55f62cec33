// What became of asking for a page, where it is about no field alone, and what to do about it.
import { Again } from '../payment/Again';
import type { Progress } from './useCheckout';

type Props = {
  readonly progress: Progress;
  /** Whether what is wrong stands at its own place. */
  readonly placed: boolean;
  readonly retry: () => void;
};

export function Notice({ progress, placed, retry }: Props) {
  return (
    <div role="alert">{progress.is === 'failed' && <Told progress={progress} placed={placed} retry={retry} />}</div>
  );
}

function Told({ progress, placed, retry }: Props & { readonly progress: Extract<Progress, { is: 'failed' }> }) {
  const { outcome, wanted } = progress;
  if (outcome.is === 'unanswered') {
    return (
      <div className="told bad">
        <p>
          <strong>The server did not answer</strong>
        </p>
        <p>Check your connection and try again. Nothing is paid before you confirm it on the next page.</p>
        <Again afterSecs={0} retry={retry} />
      </div>
    );
  }
  const { code, message, status, retryAfterSecs = 0 } = outcome.refusal;
  const again = status === 429 || status >= 500 || code.endsWith('_in_use') || status === 409;
  const signIn = wanted === 'portal' && status === 401;
  return (
    <div className={status === 401 || status === 404 || code.endsWith('not_configured') ? 'told' : 'told bad'}>
      <p>
        <strong>{signIn ? 'Sign in to see what you have' : placed ? 'Nothing was bought.' : message}</strong>
      </p>
      {signIn && (
        <p>
          <a href="/sign-in">Sign in</a>, then come back to this page.
        </p>
      )}
      {!signIn && placed && <p>What is wrong stands beside it.</p>}
      {again && !code.endsWith('not_configured') && <Again afterSecs={retryAfterSecs} retry={retry} />}
    </div>
  );
}
