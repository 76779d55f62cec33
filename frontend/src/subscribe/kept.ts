// A choice is kept while its customer is at the payment service, for whoever comes back without paying.
import { type Choice, NOTHING } from './choice';

const NAME = 'subscribe-choice';

export function keep(choice: Choice): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(choice));
  } catch {
    // A browser that keeps nothing forgets this, too.
  }
}

/** What was kept, if anything was. */
export function kept(): Choice | undefined {
  try {
    const choice: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? 'null');
    return typeof choice === 'object' && choice !== null ? { ...NOTHING, ...choice } : undefined;
  } catch {
    return undefined;
  }
}
