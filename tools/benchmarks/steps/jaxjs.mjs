// The dense VAE in jax-js: forward, backward and Adam compiled as one function, on its WebAssembly device. Every use of
// an array but its last takes a reference (`.ref`), as jax-js counts them.
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  random,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { images } from './images.mjs';
import { measurer } from './measure.mjs';
import { serve } from './serve.mjs';

await init('wasm');
defaultDevice('wasm');

const rows = 1024;
const data = images(rows);
const [beta1, beta2, rate, epsilon] = [0.9, 0.999, 1e-3, 1e-7];

const dense = (seed, inputs, units) => ({
  kernel: random.normal(random.key(seed), [inputs, units]).mul(1 / Math.sqrt(inputs)),
  bias: np.zeros([units]),
});
const apply = (x, { kernel, bias }) => np.matmul(x, kernel).add(bias);

function cost({ encoder, mean, logVar, decoder, logits }, x, noise) {
  const h = nn.relu(apply(x.ref, encoder));
  const mu = apply(h.ref, mean);
  const lv = apply(h, logVar);
  const z = mu.ref.add(np.exp(lv.ref.mul(0.5)).mul(noise));
  const l = apply(nn.relu(apply(z, decoder)), logits);
  const rec = np.sum(nn.softplus(l.ref).sub(x.mul(l)));
  const kl = np.sum(np.square(mu).add(np.exp(lv.ref)).sub(lv).sub(1)).mul(0.5);
  return rec.add(kl);
}

const update = jit((params, first, second, x, noise, step) => {
  const batch = x.shape[0];
  const [value, sums] = valueAndGrad(cost)(tree.ref(params), x, noise);
  const gradients = tree.map((g) => g.div(batch), sums);
  const m = tree.map((a, g) => a.mul(beta1).add(g.mul(1 - beta1)), first, tree.ref(gradients));
  const v = tree.map((a, g) => a.mul(beta2).add(np.square(g).mul(1 - beta2)), second, gradients);
  const c1 = np.array(1).sub(np.power(beta1, step.ref));
  const c2 = np.array(1).sub(np.power(beta2, step));
  const moved = tree.map(
    (p, a, b) =>
      p.sub(
        a
          .div(c1.ref)
          .mul(rate)
          .div(np.sqrt(b.div(c2.ref)).add(epsilon)),
      ),
    params,
    tree.ref(m),
    tree.ref(v),
  );
  c1.dispose();
  c2.dispose();
  return [moved, m, v, value];
});

function denseVae(batch) {
  return async () => {
    let params = {
      encoder: dense(1, 784, 400),
      mean: dense(2, 400, 20),
      logVar: dense(3, 400, 20),
      decoder: dense(4, 20, 400),
      logits: dense(5, 400, 784),
    };
    let first = tree.map((p) => np.zerosLike(p), tree.ref(params));
    let second = tree.map((p) => np.zerosLike(p), tree.ref(params));
    let [at, step] = [0, 0];
    return async (n) => {
      for (let i = 0; i < n; i++) {
        at = (at + batch) % rows;
        step++;
        const x = np.array(data.slice(at * 784, (at + batch) * 784)).reshape([batch, 784]);
        const noise = random.normal(random.key(100 + step), [batch, 20]);
        let value;
        [params, first, second, value] = update(params, first, second, x, noise, np.array(step));
        await blockUntilReady(params);
        if (!Number.isFinite(value.item())) throw new Error('its loss is not finite');
      }
      return n;
    };
  };
}

await serve(
  measurer({
    'vae 784-400-20, batch 128': denseVae(128),
    'vae 784-400-20, batch 512': denseVae(512),
  }),
);
