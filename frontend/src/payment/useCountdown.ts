// Seconds that are still to be waited.
import { useEffect, useState } from 'react';

/** Counts down from `secs`, once a second, from the moment that its component appears. */
export function useCountdown(secs: number): number {
  const [left, setLeft] = useState(secs);
  const waits = left > 0;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => setLeft((before) => before - 1), 1000);
    return () => clearInterval(timer);
  }, [waits]);
  return left;
}
