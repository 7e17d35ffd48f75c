import '@elbo/gradients';
import { adam, sgd } from '@elbo/optimisers';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { engine, setBackend } from '@tensorflow/tfjs-core';
import { it } from 'vitest';
import { bitRows, smallModel, train } from './world.js';
it('t', async () => {
  setThreadsCount(1);
  const data = bitRows(60);
  for (const backend of ['cpu', 'wasm'])
    for (const [name, o] of [['adam', adam(1e-3)], ['sgd', sgd(1e-3)]] as const) {
      await setBackend(backend);
      const run = train(smallModel({ hidden: 4 }), data, { steps: 1500, batchSize: 8, seed: 1, primal: o, dual: o, simultaneous: true, every: 500 });
      let t = process.cpuUsage(), k = 0;
      for await (const r of run) { const u = process.cpuUsage(t); console.log(backend, name, r.step, (u.user + u.system) / 500e3, 'ms/step', r.rate); t = process.cpuUsage(); }
      await engine().profile(() => { k = 0; return run.state.params.primal.decoder as never; });
      run.dispose();
    }
}, 200000);
