/** A moment's day in UTC, as announced changes name days: `2027-01-31`. */
export declare function dayOf(moment: Date): string;
/** What a price costs, or a deposit comes to, on a day (`dayOf(new Date())` is today), announced changes considered. */
export declare function amountsOn(item: UnitPrice | Deposit, day: string): Amounts;
/** The tiers of a price on a day, announced changes considered. */
export declare function tiersOn(price: TieredPrice, day: string): Tiers;
/** The bounds of what customers choose on a day, announced changes considered. */
export declare function boundsOn(price: CustomPrice, day: string): Bounds;
/** Of a value and its announced changes what stands today, in UTC; looked up anew by each call. */
export declare function valueToday<Value>(before: Value, changes: readonly {
    readonly on: string;
    readonly value: Value;
}[]): Value;
/** Of an amount and its announced changes what stands today, in UTC; looked up anew by each call. */
export declare function moneyToday(currency: Currency, before: number, changes: readonly {
    readonly on: string;
    readonly value: number;
}[]): Money;
