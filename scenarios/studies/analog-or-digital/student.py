# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Student's t from the incomplete beta function: what study.py says of significance rests on it."""
import math


def _continued_fraction(a, b, x):
    """Lentz's method for the continued fraction of the incomplete beta function (DLMF 8.17.22)."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > 1e-300 else 1e-300)
    value = d
    for m in range(1, 300):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + numerator * d
            c = 1 + numerator / c
            d = 1 / (d if abs(d) > 1e-300 else 1e-300)
            c = c if abs(c) > 1e-300 else 1e-300
            value *= d * c
        if abs(d * c - 1) < 1e-14:
            return value
    raise ArithmeticError("the incomplete beta function does not converge")


def incomplete_beta(a, b, x):
    """Regularised, I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(a, b, x) / a
    return 1 - front * _continued_fraction(b, a, 1 - x) / b


def two_sided_p(t, freedom):
    """Probability of |T| > |t|."""
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def quantile(probability, freedom):
    """t below which T lies with a probability above one half."""
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - two_sided_p(middle, freedom) / 2 < probability else (low, middle)
    return (low + high) / 2


def mean(values):
    return math.fsum(values) / len(values)


def variance(values):
    centre = mean(values)
    return math.fsum((v - centre) ** 2 for v in values) / (len(values) - 1) if len(values) > 1 else 0.0


def half_width(values, confidence=0.95):
    """Of the interval of the mean; 0 for one value, or values without spread."""
    if len(values) < 2:
        return 0.0
    return quantile(0.5 + confidence / 2, len(values) - 1) * math.sqrt(variance(values) / len(values))


def difference_p(a, b):
    """Welch's test of two means; None where neither varies: there is no spread to hold a difference against."""
    parts = [variance(v) / len(v) for v in (a, b)]
    total = sum(parts)
    if total == 0:
        return None
    freedom = total**2 / sum(p * p / (len(v) - 1) for p, v in zip(parts, (a, b)) if p > 0)
    return two_sided_p((mean(a) - mean(b)) / math.sqrt(total), freedom)
