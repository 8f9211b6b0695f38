"""Quality scores: a logistic model over a few explained features and hashed words, trained on examples.

`learn(good, bad)` fits it; `Quality.score(text)` is the probability, in [0, 1], that a text is like the good
ones. The model is a JSON file of numbers (no code is loaded with it) that names its features, so that a
person can read what counts for and against a text. A tenth of the examples, by the hash of their text, is
kept out of the fit and gives the figures in the file.
Source: classifiers of this kind filter the pre-training data of InternLM2 (arXiv:2403.17297, section 3.1.1).
Not covered: a ready-made model: what is good depends on what you train for.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score

from mathlm.errors import DataError, UsageError
from mathlm.records import write_json
from training.data.prepare.normalise import words
from training.data.split import is_test

FORMAT = 1
BUCKETS = 4096
"""Hashed words and pairs of words."""
LEAST_EXAMPLES = 20
"""Texts of each kind, below which nothing can be learned or measured."""
_HASHER = HashingVectorizer(n_features=BUCKETS, ngram_range=(1, 2), token_pattern=r"\S+", lowercase=False)
_OPERATOR = re.compile(r"[-+*/^=<>≤≥≠∑∫√±×÷]|\\[a-zA-Z]+")
_LINK = re.compile(r"https?://|www\.")
_REASONING = re.compile(
    r"\b(so|thus|hence|therefore|because|since|then|let|suppose|assume|if|we|implies|prove|proof|theorem|lemma)\b",
    re.IGNORECASE,
)

FEATURES = {
    "length": "logarithm of the number of characters",
    "word_length": "mean length of a word",
    "variety": "different words among all words, of the first 200",
    "digits": "share of digits among the visible characters",
    "operators": "operators and LaTeX commands for each word",
    "reasoning": "words of an argument (so, because, let, …) for each word",
    "capitals": "share of capitals among the letters",
    "signs": "share of visible characters that are neither letter nor digit",
    "line_length": "logarithm of the mean length of a line",
    "sentences": "share of the lines that end like a sentence",
    "links": "links for each word",
    "repeats": "share of the lines that are copies of earlier ones",
}


def features(text: str) -> list[float]:
    """The values of FEATURES, in their order."""
    lines = [line.strip() for line in text.split("\n") if line.strip()] or [""]
    found = words(text)
    count = max(1, len(found))
    visible = max(1, sum(not c.isspace() for c in text))
    letters = max(1, sum(c.isalpha() for c in text))
    return [
        math.log1p(len(text)),
        sum(map(len, found)) / count,
        len(set(found[:200])) / max(1, len(found[:200])),
        sum(c.isdigit() for c in text) / visible,
        len(_OPERATOR.findall(text)) / count,
        len(_REASONING.findall(text)) / count,
        sum(c.isupper() for c in text) / letters,
        sum(not c.isalnum() and not c.isspace() for c in text) / visible,
        math.log1p(sum(map(len, lines)) / len(lines)),
        sum(line.endswith((".", "?", "!", ":", "$")) for line in lines) / len(lines),
        len(_LINK.findall(text)) / count,
        1 - len(set(lines)) / len(lines),
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """A trained model. Example: `Quality.load(Path("quality.json")).score("Let x = 2. Then x + 1 = 3.")`."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    """Of FEATURES (standardised), then of the hashed words."""
    bias: float
    figures: dict[str, Any]
    """Numbers of examples, accuracy and area under the ROC curve on the tenth that was kept out."""

    def score(self, text: str) -> float:
        """The probability that the text is good, to 4 places."""
        row = _row(text, self.means, self.scales)
        return round(
            float(1 / (1 + np.exp(-np.clip(row @ np.asarray(self.weights) + self.bias, -60, 60)))), 4
        )

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        named = {
            name: {"what": what, "mean": mean, "scale": scale, "weight": weight}
            for (name, what), mean, scale, weight in zip(
                FEATURES.items(), self.means, self.scales, self.weights, strict=False
            )
        }
        hashed = [round(w, 6) for w in self.weights[len(FEATURES) :]]
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {"format": FORMAT, "figures": self.figures, "bias": self.bias, "features": named}
        write_json(path, document | {"words": hashed})

    @classmethod
    def load(cls, path: Path) -> Quality:
        """Read what `save` wrote. DataError for anything else."""
        try:
            found = json.loads(path.read_text("utf-8"))
            named = [found["features"][name] for name in FEATURES]
            if found["format"] != FORMAT or len(found["words"]) != BUCKETS:
                raise ValueError("another format")
            return cls(
                means=tuple(float(f["mean"]) for f in named),
                scales=tuple(float(f["scale"]) for f in named),
                weights=(*(float(f["weight"]) for f in named), *map(float, found["words"])),
                bias=float(found["bias"]),
                figures=dict(found["figures"]),
            )
        except OSError as error:
            raise UsageError(f"cannot read {path} ({error.strerror}): name a quality model") from None
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path} is no quality model ({error}): make one with `mathlm data quality`"
            ) from None


def learn(good: Iterable[str], bad: Iterable[str]) -> Quality:
    """Fit the model. UsageError where there are too few examples."""
    texts = [(text, 1) for text in dict.fromkeys(good)] + [(text, 0) for text in dict.fromkeys(bad)]
    kept_out = [is_test(text) for text, _ in texts]
    for part in (1, 0):
        if (
            sum(label == part and not out for (_, label), out in zip(texts, kept_out, strict=True))
            < LEAST_EXAMPLES
        ):
            what = "good" if part else "bad"
            raise UsageError(f"too few different {what} examples: give at least {2 * LEAST_EXAMPLES}")
    fit = [pair for pair, out in zip(texts, kept_out, strict=True) if not out]
    raw = np.array([features(text) for text, _ in fit])
    means, scales = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-6)
    rows = sparse.vstack([sparse.csr_matrix(_row(text, means, scales)) for text, _ in fit])
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    model.fit(rows, [label for _, label in fit])
    found = Quality(
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, model.coef_[0])),
        bias=float(model.intercept_[0]),
        figures={},
    )
    held = [pair for pair, out in zip(texts, kept_out, strict=True) if out]
    counts = {"good": sum(y for _, y in texts), "bad": sum(1 - y for _, y in texts)}
    return replace(found, figures=counts | _measure(found, held))


def _measure(model: Quality, held: Sequence[tuple[str, int]]) -> dict[str, Any]:
    scores, labels = [model.score(text) for text, _ in held], [label for _, label in held]
    if len(set(labels)) < 2:
        return {"held_out": len(held), "accuracy": None, "auc": None}
    return {
        "held_out": len(held),
        "accuracy": round(float(accuracy_score(labels, [s >= 0.5 for s in scores])), 4),
        "auc": round(float(roc_auc_score(labels, scores)), 4),
    }


def _row(text: str, means: Sequence[float], scales: Sequence[float]) -> np.ndarray:
    named = (np.array(features(text)) - np.asarray(means)) / np.asarray(scales)
    return np.concatenate([np.clip(named, -5, 5), _hashed(" ".join(words(text)))])


def _hashed(text: str) -> np.ndarray:
    return np.asarray(_HASHER.transform([text]).toarray()[0], dtype=np.float64)
