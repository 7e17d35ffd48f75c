"""The benchmark's models in JAX, a whole iteration compiled, on one thread."""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp

from serve import serve

ROWS = 1024
DATA = (jax.random.uniform(jax.random.key(0), (ROWS, 784)) < 0.2).astype(jnp.float32)
CODES = jnp.tile(jnp.eye(4), (ROWS // 4, 1))
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7
relu, elu, softplus = jax.nn.relu, jax.nn.elu, jax.nn.softplus
normal = jax.random.normal


def linear(key, inputs, units, *networks):
    """Weights of a layer, or of several networks' layers in a batch."""
    return normal(key, (*networks, inputs, units)) / inputs**0.5, jnp.zeros((*networks, 1, units))


def layers(key, *sizes, networks=()):
    keys = jax.random.split(key, len(sizes) - 1)
    return [linear(k, *size, *networks) for k, size in zip(keys, zip(sizes, sizes[1:]))]


def apply(x, layer):
    kernel, bias = layer
    return x @ kernel + (bias if kernel.ndim > 2 else bias[0])


def mlp(x, stack, activation, last=False):
    for layer in stack if last else stack[:-1]:
        x = activation(apply(x, layer))
    return x if last else apply(x, stack[-1])


def bernoulli(logits, x):
    return jnp.sum(softplus(logits) - x * logits, tuple(range(1, x.ndim)))


def log_standard_normal(z):
    return -0.5 * jnp.sum(z**2 + jnp.log(2 * jnp.pi), 1)


def adam(rate):
    def start(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return params, zeros, zeros

    def step(gradients, state, count):
        params, first, second = state
        first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradients)
        second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradients)
        c1, c2 = 1 - BETA1**count, 1 - BETA2**count
        move = lambda p, m, v: p - rate * (m / c1) / (jnp.sqrt(v / c2) + EPSILON)
        return jax.tree.map(move, params, first, second), first, second

    return start, step


def running(data, batch, state, step):
    """A function of n that runs n steps: step(state, x, key, count) -> state, value."""
    compiled = jax.jit(step)
    at = count = 0

    def run(n):
        nonlocal state, at, count
        for _ in range(n):
            at, count = (at + batch) % ROWS, count + 1
            x = data[at : at + batch]
            state, value = compiled(state, x, jax.random.key(count), float(count))
            value.block_until_ready()

    return run


def vae(batch, data, params, encode, decode):
    start, adam_step = adam(1e-3)

    def cost(params, x, key):
        h = encode(params, x)
        mean, log_var = apply(h, params["mean"]), apply(h, params["log_var"])
        z = mean + jnp.exp(log_var / 2) * normal(key, mean.shape)
        kl = 0.5 * jnp.sum(mean**2 + jnp.exp(log_var) - 1 - log_var, 1)
        return jnp.mean(bernoulli(decode(params, z), x) + kl)

    def step(state, x, key, count):
        value, gradients = jax.value_and_grad(cost)(state[0], x, key)
        return adam_step(gradients, state, count), value

    return running(data, batch, start(params), step)


def heads(features):
    keys = jax.random.split(jax.random.key(2))
    return {"mean": linear(keys[0], features, 20), "log_var": linear(keys[1], features, 20)}


def dense_vae(batch):
    keys = jax.random.split(jax.random.key(1))
    params = {
        **heads(400),
        "encoder": layers(keys[0], 784, 400),
        "decoder": layers(keys[1], 20, 400, 784),
    }
    encode = lambda params, x: mlp(x, params["encoder"], relu, last=True)
    decode = lambda params, z: mlp(z, params["decoder"], relu)
    return lambda: vae(batch, DATA, params, encode, decode)


def convolutional_vae():
    keys = jax.random.split(jax.random.key(1), 5)
    kernel = lambda key, i, o: (normal(key, (4, 4, i, o)) / (16 * i) ** 0.5, jnp.zeros(o))
    params = {
        **heads(7 * 7 * 64),
        "conv": [kernel(keys[0], 1, 32), kernel(keys[1], 32, 64)],
        "decoder": linear(keys[2], 20, 7 * 7 * 64),
        "deconv": [kernel(keys[3], 64, 32), kernel(keys[4], 32, 1)],
    }
    how = {"dimension_numbers": ("NHWC", "HWIO", "NHWC")}

    def encode(params, x):
        for w, b in params["conv"]:
            x = relu(jax.lax.conv_general_dilated(x, w, (2, 2), "SAME", **how) + b)
        return x.reshape(len(x), -1)

    def decode(params, z):
        h = relu(apply(z, params["decoder"])).reshape(-1, 7, 7, 64)
        (w1, b1), (w2, b2) = params["deconv"]
        h = relu(jax.lax.conv_transpose(h, w1, (2, 2), "SAME", **how) + b1)
        return jax.lax.conv_transpose(h, w2, (2, 2), "SAME", **how) + b2

    return vae(64, DATA.reshape(-1, 28, 28, 1), params, encode, decode)


def game(data, batch, players, rates, loss, cost, dual_steps=1):
    """Adversarial Variational Bayes: steps of the discriminator, then one of encoder and decoder."""
    starts, steps = zip(*(adam(rate) for rate in rates))

    def step(state, x, key, count):
        primal, dual = state
        *others, own = jax.random.split(key, dual_steps + 1)
        for i, each in enumerate(others):
            gradients = jax.grad(loss)(dual[0], primal[0], x, each)
            dual = steps[1](gradients, dual, dual_steps * (count - 1) + i + 1)
        value, gradients = jax.value_and_grad(cost)(primal[0], dual[0], x, own)
        return (steps[0](gradients, primal, count), dual), value

    state = tuple(start(params) for start, params in zip(starts, players))
    return running(data, batch, state, step)


def four_pixels():
    keys = jax.random.split(jax.random.key(1), 5)
    primal = {
        "encoder": layers(keys[0], 4, 64, 64, 64),
        "generator": layers(keys[1], 64 + 10, 64, 64, 64, 2),
        "decoder": layers(keys[2], 2, 64, 64, 64, 4),
    }
    dual = {"body": layers(keys[3], 2, 128, 128, 128, 128, 128), "heads": linear(keys[4], 128, 4)}

    def encode(params, x, key):
        noise, output = jax.random.split(key)
        h = mlp(x, params["encoder"], elu, last=True)
        h = jnp.concatenate([h, normal(noise, (len(x), 10))], 1)
        z = mlp(h, params["generator"], elu)
        return z + 0.008 * normal(output, z.shape)

    def every_head(params, z):
        first, *blocks = params["body"]
        h = apply(8 * z, first)
        for block in (blocks[:2], blocks[2:]):
            h = h + mlp(elu(h), block, elu)
        return apply(h, params["heads"])

    def loss(dual, primal, x, key):
        q, p = jax.random.split(key)
        z = encode(primal, x, q)
        of_q = jnp.sum(x * every_head(dual, z), 1)
        of_p = every_head(dual, normal(p, z.shape))
        return jnp.mean(softplus(-of_q)) + jnp.mean(softplus(of_p))

    def cost(primal, dual, x, key):
        z = encode(primal, x, key)
        t = jnp.sum(x * every_head(dual, z), 1)
        return jnp.mean(bernoulli(mlp(z, primal["decoder"], elu), x) + t)

    return game(CODES, 512, (primal, dual), (1.2e-3, 3e-3), loss, cost, dual_steps=2)


def adaptive_contrast():
    keys = jax.random.split(jax.random.key(1), 9)
    side = lambda i, inputs: {
        "trunk": layers(keys[i], inputs, 512),
        "factors": linear(keys[i + 1], 512, 512),
        "summand": linear(keys[i], 512, 1),
    }
    primal = {
        "encoder": layers(keys[0], 784, 300, 300),
        "offset": linear(keys[1], 300, 8),
        "weights": linear(keys[2], 300, 16 * 8),
        "noise": layers(keys[3], 16, 64, 8, networks=(16,)),
        "decoder": layers(keys[4], 8, 300, 300, 784),
    }
    dual = {"x": side(5, 784), "z": side(7, 8)}

    def posterior(params, x, key):
        draw, moments = jax.random.split(key)
        h = mlp(x, params["encoder"], relu, last=True)
        offset = apply(h, params["offset"])
        scales = softplus(apply(h, params["weights"])).reshape(-1, 16, 8) / 4
        basis = mlp(normal(draw, (16, len(x), 16)), params["noise"], elu)
        z = offset + jnp.einsum("bml,mbl->bl", scales, basis)
        each = mlp(normal(moments, (16, 256, 16)), params["noise"], elu)
        mean = offset + jnp.sum(scales * each.mean(1), 1)
        variance = jnp.sum(scales**2 * each.var(1, ddof=1), 1) + 1e-8
        mean, log_var = jax.lax.stop_gradient((mean, jnp.log(variance)))
        return z, (z - mean) * jnp.exp(-0.5 * log_var), log_var

    def score(params, x, z):
        see = lambda side, v: mlp(v, side["trunk"], relu, last=True)
        h, k = see(params["x"], x), see(params["z"], z)
        product = apply(h, params["x"]["factors"]) * apply(k, params["z"]["factors"])
        summands = apply(h, params["x"]["summand"]) + apply(k, params["z"]["summand"])
        return jnp.sum(product, 1) + summands[:, 0]

    def loss(dual, primal, x, key):
        q, p = jax.random.split(key)
        _, standardised, _ = posterior(primal, x, q)
        noise = normal(p, standardised.shape)
        return jnp.mean(softplus(-score(dual, x, standardised)) + softplus(score(dual, x, noise)))

    def cost(primal, dual, x, key):
        z, standardised, log_var = posterior(primal, x, key)
        reference = log_standard_normal(standardised) - 0.5 * jnp.sum(log_var, 1)
        kl = score(dual, x, standardised) + reference - log_standard_normal(z)
        return jnp.mean(bernoulli(mlp(z, primal["decoder"], relu), x) + kl)

    return game(DATA, 128, (primal, dual), (1e-4, 1e-4), loss, cost)


serve(
    {
        "vae 784-400-20, batch 128": dense_vae(128),
        "vae 784-400-20, batch 512": dense_vae(512),
        "convolutional vae, batch 64": convolutional_vae,
        "four-pixel avb, batch 512": four_pixels,
        "avb with adaptive contrast 300-300, batch 128": adaptive_contrast,
    }
)
