# SPDX-License-Identifier: Apache-2.0
"""How the benchmarks in Python show their interleaved rounds: medians, and ratios round by round."""
import statistics


def print_ratios(times, reference):
    """times: milliseconds of each variant, one per round; ratios are to `reference` in the same round."""
    for variant, own in times.items():
        ratios = [mine / other for mine, other in zip(own, times[reference])]
        print(f"{variant:8} {statistics.median(own):8.2f} ms  ratio {statistics.median(ratios):.3f} "
              f"({min(ratios):.3f} to {max(ratios):.3f})")
