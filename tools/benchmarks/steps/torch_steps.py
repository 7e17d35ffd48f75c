"""The benchmark's models in PyTorch, on one thread, all cores or a GPU: python torch_steps.py [all-cores] [cuda] [compiled]."""

import math
import sys

import torch
from torch import nn

from serve import serve

if "all-cores" not in sys.argv:
    torch.set_num_threads(1)
torch.manual_seed(1)
if "cuda" in sys.argv:
    torch.set_default_device("cuda")

compiled = torch.compile if "compiled" in sys.argv else lambda program: program

ROWS = 1024
DATA = (torch.rand(ROWS, 784) < 0.2).float()


class Vae(nn.Module):
    def __init__(self, encoder, features, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.mean, self.log_var = nn.Linear(features, 20), nn.Linear(features, 20)

    def forward(self, x):
        h = self.encoder(x)
        mean, log_var = self.mean(h), self.log_var(h)
        z = mean + torch.exp(log_var / 2) * torch.randn_like(mean)
        logits = self.decoder(z)
        rec = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * (mean**2 + log_var.exp() - 1 - log_var).sum()
        return (rec + kl) / len(x)


def trained(model, batch, shape):
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    cost = compiled(model)
    at = 0

    def run(n):
        nonlocal at
        for _ in range(n):
            at = (at + batch) % ROWS
            optimiser.zero_grad()
            loss = cost(DATA[at : at + batch].view(-1, *shape))
            loss.backward()
            optimiser.step()
            loss.item()

    return run


def dense(batch):
    encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU())
    decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))
    return lambda: trained(Vae(encoder, 400, decoder), batch, [784])


def convolutional():
    encoder = nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(), nn.Flatten()
    )
    decoder = nn.Sequential(
        nn.Linear(20, 7 * 7 * 64),
        nn.ReLU(),
        nn.Unflatten(1, (64, 7, 7)),
        nn.ConvTranspose2d(64, 32, 4, 2, 1),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 4, 2, 1),
    )
    return trained(Vae(encoder, 7 * 7 * 64, decoder), 64, [1, 28, 28])


def softplus(x):
    return nn.functional.softplus(x)


def stack(activation, *sizes, last=False):
    """Dense layers; the last without an activation, unless it says so."""
    built = [m for pair in zip(sizes, sizes[1:]) for m in (nn.Linear(*pair), activation())]
    return nn.Sequential(*(built if last else built[:-1]))


def bernoulli(logits, x):
    each = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return each.sum(1)


def log_standard_normal(z):
    return -0.5 * (z**2 + math.log(2 * math.pi)).sum(1)


def game(data, batch, players, rates, loss, cost, dual_steps=1):
    """Adversarial Variational Bayes: steps of the discriminator, then one of encoder and decoder."""
    primal, dual = players
    loss, cost = compiled(loss), compiled(cost)
    optimisers = [torch.optim.Adam(p.parameters(), rate) for p, rate in zip(players, rates)]
    at = 0

    def move(optimiser, player, value):
        optimiser.zero_grad()
        gradients = torch.autograd.grad(value, list(player.parameters()))
        for parameter, gradient in zip(player.parameters(), gradients):
            parameter.grad = gradient
        optimiser.step()
        return value.item()

    def run(n):
        nonlocal at
        for _ in range(n):
            at = (at + batch) % ROWS
            x = data[at : at + batch]
            for _ in range(dual_steps):
                move(optimisers[1], dual, loss(primal, dual, x))
            move(optimisers[0], primal, cost(primal, dual, x))

    return run


class FourPixelPrimal(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = stack(nn.ELU, 4, 64, 64, 64, last=True)
        self.generator = stack(nn.ELU, 64 + 10, 64, 64, 64, 2)
        self.decoder = stack(nn.ELU, 2, 64, 64, 64, 4)

    def encode(self, x):
        h = torch.cat([self.encoder(x), torch.randn(len(x), 10)], 1)
        z = self.generator(h)
        return z + 0.008 * torch.randn_like(z)


class FourPixelDual(nn.Module):
    def __init__(self):
        super().__init__()
        self.entry = nn.Linear(2, 128)
        pairs = [stack(nn.ELU, 128, 128, 128) for _ in range(2)]
        self.blocks = nn.ModuleList(pairs)
        self.heads = nn.Linear(128, 4)

    def forward(self, z):
        elu = nn.functional.elu
        h = self.entry(8 * z)
        for block in self.blocks:
            h = h + block(elu(h))
        return self.heads(h)


def four_pixels():
    def loss(primal, dual, x):
        with torch.no_grad():
            z = primal.encode(x)
        of_q = (x * dual(z)).sum(1)
        of_p = dual(torch.randn_like(z))
        return softplus(-of_q).mean() + softplus(of_p).mean()

    def cost(primal, dual, x):
        z = primal.encode(x)
        return (bernoulli(primal.decoder(z), x) + (x * dual(z)).sum(1)).mean()

    codes = torch.eye(4).repeat(ROWS // 4, 1)
    players = FourPixelPrimal(), FourPixelDual()
    return game(codes, 512, players, (1.2e-3, 3e-3), loss, cost, dual_steps=2)


class NoiseNetworks(nn.Module):
    """Sixteen perceptrons 16-64-8, a layer of all of them in one product."""

    def __init__(self):
        super().__init__()
        kernel = lambda i, o: nn.Parameter(torch.randn(16, i, o) / i**0.5)
        bias = lambda o: nn.Parameter(torch.zeros(16, 1, o))
        self.kernels = nn.ParameterList([kernel(16, 64), kernel(64, 8)])
        self.biases = nn.ParameterList([bias(64), bias(8)])

    def forward(self, rows):
        h = torch.baddbmm(self.biases[0], torch.randn(16, rows, 16), self.kernels[0])
        return torch.baddbmm(self.biases[1], nn.functional.elu(h), self.kernels[1])


class ContrastPrimal(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = stack(nn.ReLU, 784, 300, 300, last=True)
        self.offset, self.weights = nn.Linear(300, 8), nn.Linear(300, 16 * 8)
        self.noise = NoiseNetworks()
        self.decoder = stack(nn.ReLU, 8, 300, 300, 784)

    def posterior(self, x):
        h = self.encoder(x)
        offset = self.offset(h)
        scales = softplus(self.weights(h)).view(-1, 16, 8) / 4
        z = offset + (scales * self.noise(len(x)).transpose(0, 1)).sum(1)
        with torch.no_grad():
            each = self.noise(256)
            mean = offset + (scales * each.mean(1)).sum(1)
            log_var = torch.log((scales**2 * each.var(1)).sum(1) + 1e-8)
        return z, (z - mean) * torch.exp(-0.5 * log_var), log_var


class Side(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.trunk = stack(nn.ReLU, inputs, 512, last=True)
        self.factors, self.summand = nn.Linear(512, 512), nn.Linear(512, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.factors(h), self.summand(h)[:, 0]


class ContrastDual(nn.Module):
    def __init__(self):
        super().__init__()
        self.x, self.z = Side(784), Side(8)

    def forward(self, x, z):
        (left, of_x), (right, of_z) = self.x(x), self.z(z)
        return (left * right).sum(1) + of_x + of_z


def adaptive_contrast():
    def loss(primal, dual, x):
        with torch.no_grad():
            _, standardised, _ = primal.posterior(x)
        noise = torch.randn_like(standardised)
        return (softplus(-dual(x, standardised)) + softplus(dual(x, noise))).mean()

    def cost(primal, dual, x):
        z, standardised, log_var = primal.posterior(x)
        reference = log_standard_normal(standardised) - 0.5 * log_var.sum(1)
        kl = dual(x, standardised) + reference - log_standard_normal(z)
        return (bernoulli(primal.decoder(z), x) + kl).mean()

    return game(DATA, 128, (ContrastPrimal(), ContrastDual()), (1e-4, 1e-4), loss, cost)


serve(
    {
        "vae 784-400-20, batch 128": dense(128),
        "vae 784-400-20, batch 512": dense(512),
        "convolutional vae, batch 64": convolutional,
        "four-pixel avb, batch 512": four_pixels,
        "avb with adaptive contrast 300-300, batch 128": adaptive_contrast,
    }
)
