// What stands around every page: the company, the way to the other pages, and which price list this is.
import { CATALOG_HASH, CATALOG_TITLE, DEFAULT_CURRENCY } from 'catalog';
import type { ReactNode } from 'react';

const LINKS = [
  { href: '/#services', text: 'Services' },
  { href: '/#plans', text: 'Plans' },
  { href: '/#hosting', text: 'Hosting' },
];

export function Frame({ current, children }: { current: 'prices' | 'payment' | 'subscribe'; children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <div className="wide top-row">
          <a className="brand" href="/" aria-current={current === 'prices' ? 'page' : undefined}>
            {CATALOG_TITLE}
          </a>
          <nav aria-label="Main">
            <ul className="links">
              {LINKS.map(({ href, text }) => (
                <li key={href}>
                  <a href={href}>{text}</a>
                </li>
              ))}
              <li>
                <a href="/subscribe" aria-current={current === 'subscribe' ? 'page' : undefined}>
                  Subscribe
                </a>
              </li>
              <li>
                <a className="button small" href="/payment" aria-current={current === 'payment' ? 'page' : undefined}>
                  Pay
                </a>
              </li>
            </ul>
          </nav>
        </div>
      </header>
      <main id="content" className="wide" tabIndex={-1}>
        {children}
      </main>
      <footer className="wide bottom">
        <p>Prices in {DEFAULT_CURRENCY.toUpperCase()} unless another currency is shown.</p>
        <p>
          Price list <code>{CATALOG_HASH.slice(0, 12)}</code>
        </p>
      </footer>
    </>
  );
}
