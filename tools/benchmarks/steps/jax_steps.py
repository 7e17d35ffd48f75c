"""The dense VAE in JAX, a whole step compiled, on one thread."""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp

from serve import serve

ROWS = 1024
DATA = (jax.random.uniform(jax.random.key(0), (ROWS, 784)) < 0.2).astype(jnp.float32)
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


def dense(key, inputs, units):
    return jax.random.normal(key, (inputs, units)) / inputs**0.5, jnp.zeros(units)


def apply(x, layer):
    return x @ layer[0] + layer[1]


def cost(params, x, key):
    h = jax.nn.relu(apply(x, params["encoder"]))
    mean, log_var = apply(h, params["mean"]), apply(h, params["log_var"])
    z = mean + jnp.exp(log_var / 2) * jax.random.normal(key, mean.shape)
    logits = apply(jax.nn.relu(apply(z, params["decoder"])), params["logits"])
    rec = jnp.sum(jax.nn.softplus(logits) - x * logits)
    kl = 0.5 * jnp.sum(mean**2 + jnp.exp(log_var) - 1 - log_var)
    return (rec + kl) / len(x)


@jax.jit
def step(params, first, second, x, key, count):
    value, gradients = jax.value_and_grad(cost)(params, x, key)
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradients)
    c1, c2 = 1 - BETA1**count, 1 - BETA2**count
    move = lambda p, m, v: p - RATE * (m / c1) / (jnp.sqrt(v / c2) + EPSILON)
    return jax.tree.map(move, params, first, second), first, second, value


def vae(batch):
    def build():
        keys = jax.random.split(jax.random.key(1), 5)
        sizes = {
            "encoder": (784, 400),
            "mean": (400, 20),
            "log_var": (400, 20),
            "decoder": (20, 400),
            "logits": (400, 784),
        }
        params = {name: dense(key, *size) for key, (name, size) in zip(keys, sizes.items())}
        zeros = jax.tree.map(jnp.zeros_like, params)
        state = [params, zeros, zeros]
        at = count = 0

        def run(n):
            nonlocal at, count
            for _ in range(n):
                at, count = (at + batch) % ROWS, count + 1
                key = jax.random.key(count)
                *state[:], value = step(*state, DATA[at : at + batch], key, float(count))
                value.block_until_ready()

        return run

    return build


serve({"vae 784-400-20, batch 128": vae(128), "vae 784-400-20, batch 512": vae(512)})
