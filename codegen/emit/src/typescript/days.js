/** A moment's day in UTC, as announced changes name days: `2027-01-31`. */
export function dayOf(moment) {
    return moment.toISOString().slice(0, 10);
}
/** What a price costs, or a deposit comes to, on a day (`dayOf(new Date())` is today), announced changes considered. */
export function amountsOn(item, day) {
    return latest(item.changes, day)?.amounts ?? item.amountsBeforeChanges ?? item.amounts;
}
/** The tiers of a price on a day, announced changes considered. */
export function tiersOn(price, day) {
    return latest(price.changes, day)?.tiers ?? price.tiersBeforeChanges ?? price.tiers;
}
/** The bounds of what customers choose on a day, announced changes considered. */
export function boundsOn(price, day) {
    return latest(price.changes, day)?.bounds ?? price.boundsBeforeChanges ?? price.bounds;
}
/** Of a value and its announced changes what stands today, in UTC; looked up anew by each call. */
export function valueToday(before, changes) {
    return latest(changes, dayOf(new Date()))?.value ?? before;
}
/** Of an amount and its announced changes what stands today, in UTC; looked up anew by each call. */
export function moneyToday(currency, before, changes) {
    return { minor: valueToday(before, changes), currency };
}
function latest(changes, day) {
    return changes.filter((change) => change.on <= day).slice(-1)[0];
}
