// What is chosen on the plan page becomes lines and sums, exactly.
import { addons, fees, organizations, plans, roles } from 'catalog';
import { describe, expect, it } from 'vitest';
import { asked, type Choice, chosen, NOTHING, nameOf, seatsOf } from '../../src/subscribe/choice';
import { grantText } from '../../src/subscribe/Matrix';
import { saidOfCode, saidOfLines } from '../../src/subscribe/places';
import { orderOf, sums } from '../../src/subscribe/sums';

const DAY = '2026-11-21';
const choice = (changed: Partial<Choice>): Choice => ({ ...NOTHING, ...changed });
const of = (changed: Partial<Choice>) => chosen(choice(changed), DAY);
const professional = nameOf(plans.professional);

/** The amount of a price in cents, as the catalog has it. */
const cents = (price: { amounts: Partial<Record<string, number>> }) => BigInt(price.amounts['usd'] ?? 0);

describe('a choice', () => {
  it('is a line for each product, in its cycle', () => {
    const extras = [nameOf(addons.marketing_suite)];
    const { lines, problems } = of({ cycle: 'year', base: professional, extras, seats: { 'role/admin_elite': ' 3 ' } });
    expect(problems).toEqual({});
    expect(orderOf(lines, choice({ code: ' launch20 ' }))).toEqual({
      lines: [
        { price: 'plan_professional_yearly', quantity: 1 },
        { price: 'role_admin_admin_elite_yearly', quantity: 3 },
        { price: 'addon_marketing_suite_yearly', quantity: 1 },
      ],
      promotionCode: 'launch20',
    });
  });

  it('says what is not paid in its cycle', () => {
    const growth = nameOf(organizations.growth);
    expect(of({ base: growth }).problems).toEqual({});
    const yearly = of({ cycle: 'year', base: growth });
    expect(yearly.problems).toEqual({ [growth]: 'Organization Growth is not paid by the year' });
    expect(yearly.lines).toEqual([]);
  });

  it.each([
    ['', 0],
    [' 12 ', 12],
    ['10000', 10000],
    ['10001', undefined],
    ['1.5', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['٣', undefined],
    ['many', undefined],
  ])('reads %j users as %s', (text, seats) => {
    expect(seatsOf(text)).toBe(seats);
    const { problems } = of({ seats: { 'role/admin_elite': text } });
    expect('role/admin_elite' in problems).toBe(seats === undefined);
  });

  it('begins with what the address asks for', () => {
    expect(asked('?plan=professional&cycle=year')).toEqual(choice({ cycle: 'year', base: professional }));
    expect(asked('?organization=growth')).toEqual(choice({ base: 'organization/growth' }));
    expect(asked('?plan=toString&cycle=week')).toEqual(NOTHING);
  });
});

describe('sums', () => {
  it('are of whole cents, whatever the numbers', () => {
    const { lines } = of({ base: professional, seats: { 'role/sales_rep_pro': '9999' } });
    const recurring = cents(plans.professional.prices.monthly) + 9999n * cents(roles.sales_rep_pro.prices.monthly);
    expect(sums(lines)).toEqual({
      currency: 'usd',
      recurring,
      once: 0n,
      trialDays: 0,
      losesTrial: true,
      due: recurring,
    });
  });

  it('keep apart what is paid once, and what is tried first', () => {
    const fee = cents(fees.starter_setup.prices.one_time);
    const { lines } = of({ base: professional, extras: [nameOf(fees.starter_setup)] });
    const recurring = cents(plans.professional.prices.monthly);
    const { trialDays } = plans.professional.prices.monthly;
    expect(trialDays).toBeGreaterThan(0);
    expect(sums(lines)).toEqual({ currency: 'usd', recurring, once: fee, trialDays, losesTrial: false, due: fee });
    const once = of({ extras: [nameOf(fees.starter_setup)] }).lines;
    expect(sums(once)).toMatchObject({ recurring: 0n, once: fee, trialDays: 0, losesTrial: false, due: fee });
  });

  it('are of one currency, or of none', () => {
    const { lines } = of({ base: professional, extras: [nameOf(addons.marketing_suite)] });
    const [first, second] = lines;
    if (first === undefined || second === undefined) throw new Error('two lines');
    expect(sums([first, { ...second, offer: { ...second.offer, currency: 'eur' } }])).toBeUndefined();
    expect(sums([])).toBeUndefined();
  });
});

it('a grant is told in words', () => {
  const granted = { features: { api_access: true, contacts: 25000, pipelines: 'unlimited', storage: 50 } } as const;
  const texts = (['api_access', 'contacts', 'pipelines', 'storage', 'audit_log'] as const).map((id) =>
    grantText(granted, id),
  );
  expect(texts).toEqual(['Yes', '25,000', 'Unlimited', '50 GB', '–']);
});

it('a refusal stands at what it is about', () => {
  const refused = (code: string, price?: string, message = 'No.') => {
    const refusal = { status: 422, code, message, ...(price === undefined ? {} : { price }) };
    return { is: 'failed', wanted: 'checkout', outcome: { is: 'refused', refusal } } as const;
  };
  const { lines } = of({ base: professional });
  expect(saidOfLines(refused('price_out_of_sync', 'plan_professional_monthly'), lines)).toEqual({
    [professional]: 'No.',
  });
  expect(saidOfLines(refused('price_out_of_sync', 'plan_starter_monthly'), lines)).toEqual({});
  expect(saidOfCode(refused('promotion_code_not_valid'))).toBe('No.');
  expect(saidOfCode(refused('invalid_request', undefined, 'promotionCode: too long'))).toBe('promotionCode: too long');
  expect(saidOfCode(refused('price_out_of_sync'))).toBeUndefined();
  expect(saidOfCode({ is: 'idle' })).toBeUndefined();
});
