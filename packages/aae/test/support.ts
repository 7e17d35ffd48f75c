import type { Config } from '@elbo/core';
import { measure, type Batch, type Model } from '@elbo/objectives';
import { key } from '@elbo/random';
import { tidy } from '@tensorflow/tfjs-core';

/** What a file would hold. */
export const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

/** Every metric of a fresh model on a few rows. */
export function measured(model: Model, make: () => Batch): Record<string, number> {
  return tidy(() => {
    const batch = make();
    const params = model.init(key(1), batch.x.shape.slice(1));
    const found = measure(model, params, batch, { step: 0, key: key(2) });
    return Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, value.dataSync()[0]!]),
    );
  });
}
