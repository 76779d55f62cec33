// Where the page begins: the pricing page, or the payment page at /payment.
import 'tokens.css';
import './page/page.css';
import './pricing/pricing.css';
import './payment/payment.css';
import { CATALOG_TITLE, dayOf } from 'catalog';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Frame } from './page/Frame';
import { Confirmation } from './payment/Confirmation';
import { PaymentPage } from './payment/PaymentPage';
import { PricingPage } from './pricing/PricingPage';
import { returned } from './services/confirmed';
import { PaymentService } from './services/payment-v2';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

const day = dayOf(new Date());
const pays = /^\/payment\/?$/.test(location.pathname);
document.title = pays ? `Payment – ${CATALOG_TITLE}` : `Services and prices – ${CATALOG_TITLE}`;

createRoot(root).render(
  <StrictMode>
    <Frame current={pays ? 'payment' : 'prices'}>
      {pays ? (
        <PaymentPage
          api={new PaymentService(import.meta.env['VITE_API_URL'])}
          asked={new URLSearchParams(location.search).get('service')}
          confirmation={Confirmation}
          day={day}
          returned={returned(location.search)}
        />
      ) : (
        <PricingPage day={day} />
      )}
    </Frame>
  </StrictMode>,
);
