/** From, to. */
export type Interval = readonly [number, number];
