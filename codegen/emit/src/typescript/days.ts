/** A moment's day in UTC, as announced changes name days: `2027-01-31`. */
export function dayOf(moment: Date): string {
    return moment.toISOString().slice(0, 10);
}
/** What a price costs, or a deposit comes to, on a day (`dayOf(new Date())` is today), announced changes considered. */
export function amountsOn(item: UnitPrice | Deposit, day: string): Amounts {
    return latest(item.changes, day)?.amounts ?? item.amountsBeforeChanges ?? item.amounts;
}
/** The tiers of a price on a day, announced changes considered. */
export function tiersOn(price: TieredPrice, day: string): Tiers {
    return latest(price.changes, day)?.tiers ?? price.tiersBeforeChanges ?? price.tiers;
}
/** The bounds of what customers choose on a day, announced changes considered. */
export function boundsOn(price: CustomPrice, day: string): Bounds {
    return latest(price.changes, day)?.bounds ?? price.boundsBeforeChanges ?? price.bounds;
}
/** Of a value and its announced changes what stands today, in UTC; looked up anew by each call. */
export function valueToday<Value>(before: Value, changes: readonly { readonly on: string; readonly value: Value }[]): Value {
    return latest(changes, dayOf(new Date()))?.value ?? before;
}
/** Of an amount and its announced changes what stands today, in UTC; looked up anew by each call. */
export function moneyToday(currency: Currency, before: number, changes: readonly { readonly on: string; readonly value: number }[]): Money {
    return { minor: valueToday(before, changes), currency };
}
function latest<Change extends { readonly on: string }>(changes: readonly Change[], day: string): Change | undefined {
    return changes.filter((change) => change.on <= day).slice(-1)[0];
}
