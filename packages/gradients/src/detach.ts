import { engine, type Tensor } from '@tensorflow/tfjs-core';

/**
 * The same values without their history: a gradient through the result is zero (tfjs has no
 * stop-gradient). It shares the data of `x`, so it costs no copy, and is disposed like any tensor.
 */
export function detach<T extends Tensor>(x: T): T {
  const { backend } = engine().state.tensorInfo.get(x.dataId)!;
  backend.incRef(x.dataId);
  return engine().makeTensorFromTensorInfo(x, backend) as T;
}
