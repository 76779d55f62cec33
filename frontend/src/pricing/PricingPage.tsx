// The pricing page: everything that the catalog has, by kind.
import { addons, fees, hosting, KINDS, organizations, plans, roles, services } from 'catalog';
import { useState } from 'react';
import { BillingSwitch, type Cycle } from './BillingSwitch';
import { PriceCard } from './PriceCard';
import { Section } from './Section';
import { ServiceCard } from './ServiceCard';
import { shown } from './state';

export function PricingPage({ day }: { day: string }) {
  return (
    <>
      <div className="intro">
        <h1>Services and prices</h1>
        <p>What you see is what is charged: every amount on this page is checked again when you pay.</p>
      </div>
      <Section id="services" title="Services" lead={KINDS.service.description}>
        <ul className="cards">
          {shown(services).map((service) => (
            <ServiceCard key={service.id} service={service} day={day} />
          ))}
        </ul>
      </Section>
      <Plans day={day} />
      <Section id="hosting" title="Hosted services" lead={KINDS.hosting.description}>
        <ul className="cards">
          {shown(hosting).map((product) => (
            <PriceCard key={product.id} product={product} cycle="month" day={day} heading="h3" />
          ))}
        </ul>
      </Section>
    </>
  );
}

/** Plans and what belongs to them. One switch says how all of them are billed. */
function Plans({ day }: { day: string }) {
  const [cycle, setCycle] = useState<Cycle>('month');
  return (
    <Section id="plans" title="Plans" lead={KINDS.plan.description}>
      <div className="section-row">
        <BillingSwitch cycle={cycle} onChange={setCycle} />
        <a className="button small" href={`/subscribe?cycle=${cycle}`}>
          Put your plan together
        </a>
      </div>
      <ul className="cards">
        {shown(plans).map((plan) => (
          <PriceCard
            key={plan.id}
            product={plan}
            cycle={cycle}
            day={day}
            badge={plan.attributes.popular ? 'Popular' : undefined}
            action={`/subscribe?plan=${plan.id}&cycle=${cycle}`}
            heading="h3"
          />
        ))}
      </ul>
      <Cards title="Add-ons" lead={KINDS.addon.description} products={shown(addons)} cycle={cycle} day={day} />
      <Cards title="Role tiers" lead={KINDS.role.description} products={shown(roles)} cycle={cycle} day={day} />
      <h3>Organizations</h3>
      <p className="muted">{KINDS.organization.description}</p>
      <ul className="cards">
        {shown(organizations).map((product) => (
          <PriceCard
            key={product.id}
            product={product}
            cycle={cycle}
            day={day}
            first={{ name: 'Included users', value: String(product.attributes.seats) }}
          />
        ))}
        {shown(fees).map((product) => (
          <PriceCard key={product.id} product={product} cycle={cycle} day={day} />
        ))}
      </ul>
    </Section>
  );
}

type CardsProps = {
  readonly title: string;
  readonly lead: string;
  readonly products: readonly Parameters<typeof PriceCard>[0]['product'][];
  readonly cycle: Cycle;
  readonly day: string;
};

function Cards({ title, lead, products, cycle, day }: CardsProps) {
  return (
    <>
      <h3>{title}</h3>
      <p className="muted">{lead}</p>
      <ul className="cards">
        {products.map((product) => (
          <PriceCard key={product.id} product={product} cycle={cycle} day={day} />
        ))}
      </ul>
    </>
  );
}
