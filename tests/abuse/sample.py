# SPDX-License-Identifier: MIT
"""sample - the cases of one kind, or some of them, and what came of each."""
import os
import random
import sys


class Sample:
    """Of the command line: KIND [CASES], drawn by SEED, or all."""

    def __init__(self):
        self.kind = sys.argv[1]
        self.most = int(sys.argv[2]) if len(sys.argv) > 2 else None
        self.seed = os.environ.get("SEED") or str(random.randrange(10 ** 6))
        self.total = 0

    def draw(self, cases):
        """Those of a list that have their turn."""
        self.total = len(cases)
        if self.most is None or self.most >= self.total:
            return cases
        return random.Random(self.seed).sample(cases, self.most)

    def report(self, done):
        """Say what was found; (name of the case, finding or None, did the
        fault come to be) of each.  Gives the exit status."""
        bad = [(name, text) for name, text, _ in done if text]
        came = sum(came for _, _, came in done)
        for name, text in bad:
            print(f"{name}: {text}")
        print(f"{self.kind}: {len(done)} of {self.total} cases, seed "
              f"{self.seed}: {came} faults came to be, {len(bad)} findings")
        # What never came has proved nothing.
        return 1 if bad or came < 0.9 * len(done) or not done else 0
