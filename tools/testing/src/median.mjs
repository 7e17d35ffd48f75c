/** The middle value: of an even number of them the upper of the two. */
export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
