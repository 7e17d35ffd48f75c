// What repetitions say together.

export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** The standard deviation of what the values are drawn from; 0 of one value. */
function deviation(values) {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1 || 1));
}

/** Mean ± standard deviation. */
export const spread = (values, digits) =>
  `${mean(values).toFixed(digits)} ± ${deviation(values).toFixed(digits)}`.replace('-', '−');
