/**
 * What the side module exports (assembly/index.ts). Sizes count elements, strides bytes, and an address is a number of
 * bytes from the start of the memory; all are unsigned.
 */
export interface SideModule {
  /** The bytes of scratch memory that `product` needs of these sizes, as the others of this name say of theirs. */
  productScratch(rows: number, columns: number, depth: number): number;
  /** The depth beyond which the rows of a product lie side by side. */
  productDepth(): number;
  product(
    rows: number,
    columns: number,
    depth: number,
    a: number,
    downA: number,
    alongA: number,
    b: number,
    downB: number,
    alongB: number,
    c: number,
    overC: number,
    scratch: number,
  ): void;
  productOfIntegers: SideModule['product'];
  finish(
    c: number,
    rows: number,
    columns: number,
    bias: number,
    overRow: number,
    along: boolean,
    activation: number,
    parameter: number,
  ): void;
  activate(activation: number, x: number, y: number, n: number, parameter: number): void;
  activationGradient(
    activation: number,
    dy: number,
    y: number,
    dx: number,
    n: number,
    parameter: number,
  ): void;
  extremum(
    code: number,
    x: number,
    manyX: boolean,
    y: number,
    manyY: boolean,
    z: number,
    n: number,
  ): void;
  clip(x: number, y: number, n: number, low: number, high: number): void;
  clipIntegers: SideModule['clip'];
  sign(x: number, y: number, n: number): void;
  sum(
    outer: number,
    n: number,
    inner: number,
    x: number,
    y: number,
    divisor: number,
    scratch: number,
    overRow: number,
  ): void;
  sumScratch(n: number, inner: number): number;
  runningSums(
    outer: number,
    n: number,
    inner: number,
    x: number,
    y: number,
    exclusive: boolean,
    reverse: boolean,
    sums: number,
  ): void;
  sumOfIntegers(outer: number, n: number, inner: number, x: number, y: number): void;
  gatherRows(rows: number, bytes: number, from: number, overFrom: number, to: number): void;
  pickRows(
    blocks: number,
    n: number,
    bytes: number,
    from: number,
    overBlock: number,
    places: number,
    to: number,
  ): void;
  segmentSums(
    n: number,
    columns: number,
    x: number,
    ids: number,
    segments: number,
    y: number,
    scratch: number,
  ): void;
  segmentScratch(n: number, columns: number, segments: number): number;
  segmentSumsOfIntegers(
    n: number,
    columns: number,
    x: number,
    ids: number,
    segments: number,
    y: number,
  ): void;
  apply(code: number, x: number, y: number, n: number): void;
  density(
    code: number,
    x: number,
    y: number,
    z: number,
    sums: number,
    rows: number,
    columns: number,
  ): void;
  densityGradient(
    code: number,
    dy: number,
    x: number,
    y: number,
    z: number,
    dx: number,
    rows: number,
    columns: number,
  ): void;
  reparameterize(mean: number, logVar: number, noise: number, y: number, n: number): void;
  reparameterizeOfLogVar(dy: number, logVar: number, noise: number, dx: number, n: number): void;
  reparameterizeOfNoise(dy: number, logVar: number, noise: number, dx: number, n: number): void;
  layerNorm(
    x: number,
    gain: number,
    bias: number,
    y: number,
    rows: number,
    n: number,
    epsilon: number,
  ): void;
  layerNormOfX(
    dy: number,
    x: number,
    gain: number,
    dx: number,
    rows: number,
    n: number,
    epsilon: number,
  ): void;
  layerNormOfGain(
    dy: number,
    x: number,
    dgain: number,
    rows: number,
    n: number,
    epsilon: number,
    scratch: number,
  ): void;
  layerNormScratch(rows: number, n: number): number;
  logSumExp(x: number, y: number, outer: number, n: number, inner: number): void;
  logSumExpGradient(
    dy: number,
    x: number,
    dx: number,
    outer: number,
    n: number,
    inner: number,
  ): void;
  adam(
    p: number,
    g: number,
    m: number,
    v: number,
    newP: number,
    newM: number,
    newV: number,
    n: number,
    scale: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    rate: number,
    epsilon: number,
    kept: number,
  ): void;
  /**
   * `windows` is where windows are written (src/windows.ts), `room` that of `some` patches. `lost`, here and below, is
   * room for as many numbers as the result has, where sums are long (src/overlap.ts), or 0.
   */
  convolution(
    windows: number,
    x: number,
    filter: number,
    channels: number,
    y: number,
    room: number,
    some: number,
    scratch: number,
    start: number,
    count: number,
  ): void;
  convolutionInputGradient(
    windows: number,
    dy: number,
    filter: number,
    channels: number,
    dx: number,
    lost: number,
    room: number,
    some: number,
    scratch: number,
    start: number,
    count: number,
  ): void;
  convolutionFilterGradient(
    windows: number,
    x: number,
    dy: number,
    channels: number,
    dFilter: number,
    room: number,
    some: number,
    scratch: number,
    firstPart: number,
    number: number,
  ): void;
  convolutionFilterScratch(windows: number, channels: number, some: number): number;
  convolutionFilterParts(windows: number, some: number): number;
  addSums(sums: number, count: number, n: number, to: number, scratch: number): void;
  sumsScratch(count: number, n: number): number;
  depthwise(windows: number, x: number, filter: number, y: number, lost: number): void;
  depthwiseInputGradient(
    windows: number,
    dy: number,
    filter: number,
    dx: number,
    lost: number,
  ): void;
  depthwiseFilterGradient(
    windows: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  depthwiseFilterScratch(windows: number): number;
  repeat(x: number, n: number, times: number, y: number): void;
  /** `row` is room for `poolScratch`. */
  maxima(windows: number, x: number, y: number, row: number): void;
  maximaWithPlaces(windows: number, x: number, y: number, places: number, inBatch: boolean): void;
  maximaGradient(windows: number, x: number, dy: number, dx: number, lost: number): void;
  means(windows: number, x: number, y: number, row: number): void;
  poolScratch(windows: number): number;
  /** `row` is room for a row of dx, and for two unless `lost` is 0. */
  meansGradient(windows: number, dy: number, dx: number, row: number, lost: number): void;
  dilation(windows: number, x: number, filter: number, y: number): void;
  dilationInputGradient(
    windows: number,
    x: number,
    filter: number,
    dy: number,
    dx: number,
    lost: number,
  ): void;
  dilationFilterGradient(
    windows: number,
    x: number,
    filter: number,
    dy: number,
    dFilter: number,
    lost: number,
  ): void;
  randomNormal(k0: number, k1: number, to: number, n: number, scratch: number, first: number): void;
  randomUniform: SideModule['randomNormal'];
  randomBernoulli(
    k0: number,
    k1: number,
    p: number,
    period: number,
    to: number,
    n: number,
    scratch: number,
    first: number,
  ): void;
  /** y = x, or `below` where x is negative. */
  prelu(x: number, below: number, y: number, n: number): void;
}
