// Where the page begins: the pricing page, the plan page at /subscribe, or the payment page at /payment.
import 'tokens.css';
import './page/page.css';
import './pricing/pricing.css';
import './payment/payment.css';
import './subscribe/subscribe.css';
import { CATALOG_TITLE, dayOf } from 'catalog';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Frame } from './page/Frame';
import { Confirmation } from './payment/Confirmation';
import { PaymentPage } from './payment/PaymentPage';
import { PricingPage } from './pricing/PricingPage';
import { CheckoutService } from './services/checkout';
import { returned } from './services/confirmed';
import { PaymentService } from './services/payment-v2';
import { cameBack } from './subscribe/Back';
import { asked } from './subscribe/choice';
import { kept } from './subscribe/kept';
import { SubscribePage } from './subscribe/SubscribePage';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

const day = dayOf(new Date());
const api = import.meta.env['VITE_API_URL'];
const current = /^\/(payment|subscribe)\/?$/.exec(location.pathname)?.[1] as 'payment' | 'subscribe' | undefined;
const TITLES = { prices: 'Services and prices', payment: 'Payment', subscribe: 'Choose your plan' };
document.title = `${TITLES[current ?? 'prices']} – ${CATALOG_TITLE}`;

function Page() {
  if (current === 'payment') {
    return (
      <PaymentPage
        api={new PaymentService(api)}
        asked={new URLSearchParams(location.search).get('service')}
        confirmation={Confirmation}
        day={day}
        returned={returned(location.search)}
      />
    );
  }
  if (current === 'subscribe') {
    const came = cameBack(location.search);
    const first = (came === 'left' ? kept() : undefined) ?? asked(location.search);
    return (
      <SubscribePage
        api={new CheckoutService(api)}
        day={day}
        first={first}
        came={came}
        go={(url) => location.assign(url)}
      />
    );
  }
  return <PricingPage day={day} />;
}

createRoot(root).render(
  <StrictMode>
    <Frame current={current ?? 'prices'}>
      <Page />
    </Frame>
  </StrictMode>,
);
