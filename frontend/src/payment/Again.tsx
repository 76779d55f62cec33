// The way to try again, once it is time.
import { useCountdown } from './useCountdown';

export function Again({ afterSecs, retry }: { afterSecs: number; retry: () => void }) {
  const left = useCountdown(afterSecs);
  return (
    <button type="button" className="button plain small" disabled={left > 0} onClick={retry}>
      Try again
      {/* Seen every second, and not read every second. */}
      {left > 0 && <span aria-hidden="true">in {left} s</span>}
    </button>
  );
}
