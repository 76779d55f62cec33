// Seconds that are still to be waited.
import { useEffect, useState } from 'react';

/** Counts down from `secs` once a second; another `start` begins anew. */
export function useCountdown(secs: number, start: unknown): number {
  const [left, setLeft] = useState(secs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same number of seconds may be asked for again
  useEffect(() => {
    setLeft(secs);
    if (secs <= 0) return;
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000);
    return () => clearInterval(timer);
  }, [secs, start]);
  return left;
}
