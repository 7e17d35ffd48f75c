export declare function criticOnALine(): {
  readonly exact: number;
  readonly gap: number;
  readonly slope: number;
  readonly distance: number;
};
