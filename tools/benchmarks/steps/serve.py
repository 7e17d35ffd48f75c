"""Answers each line {"model": NAME} with {"ms": milliseconds a step}, or {"reason": why not}."""

import json
import math
import sys
import time

AT_LEAST = 0.15


def serve(builders):
    """builders: by model, what makes its step, a function of n that runs n steps to their end."""
    steps = {}
    for line in sys.stdin:
        model = json.loads(line)["model"]
        print(json.dumps(measured(steps, builders, model)), flush=True)


def measured(steps, builders, model):
    if model not in builders:
        return {"reason": "not written"}
    if model not in steps:
        run = builders[model]()
        run(2)
        start = time.perf_counter()
        run(1)
        steps[model] = run, max(1, math.ceil(AT_LEAST / (time.perf_counter() - start)))
    run, n = steps[model]
    start = time.perf_counter()
    run(n)
    return {"ms": (time.perf_counter() - start) / n * 1e3}
