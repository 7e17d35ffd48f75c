/** A value with some members replaced, and all else as it is: its prototype, and what it computes when first read. */
export function overriding<T extends object>(value: T, members: Partial<T>): T {
  return Object.create(Object.getPrototypeOf(value) as object, {
    ...Object.getOwnPropertyDescriptors(value),
    ...Object.getOwnPropertyDescriptors(members),
  }) as T;
}
