"""The benchmark's models in PyTorch, on one thread."""

import torch
from torch import nn

from serve import serve

torch.set_num_threads(1)
torch.manual_seed(1)

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
    at = 0

    def run(n):
        nonlocal at
        for _ in range(n):
            at = (at + batch) % ROWS
            optimiser.zero_grad()
            loss = model(DATA[at : at + batch].view(-1, *shape))
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


serve(
    {
        "vae 784-400-20, batch 128": dense(128),
        "vae 784-400-20, batch 512": dense(512),
        "convolutional vae, batch 64": convolutional,
    }
)
