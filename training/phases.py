"""Phases of one run: row lengths and RoPE base by share of the steps, as in InternLM2's staged context.

InternLM2's recipe is `Phase(share=0.9, row_lengths=(4096,), rope_theta=50_000)`, then
`Phase(share=0.1, row_lengths=(4096, 32768), rope_theta=1_000_000)`: with the short length still among the
rows, documents under 4k stay in short rows, so that long ones decide how much of a step is long.
Contract: which phase a step belongs to is a function of the step and of the planned number of steps, so a
continued run is in the right one. Each phase packs the same documents anew and in another order.
Not covered: data of its own for a phase (use two runs), a mix of lengths other than that of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A part of a run. Example: `Phase(share=0.9, row_lengths=(512, 4096), rope_theta=50_000)`."""

    share: float
    """Of all steps; the shares of a run add up to 1."""
    row_lengths: tuple[int, ...]
    """Lengths of packed rows; longer documents are cut (pre-training)."""
    rope_theta: float | None = None
    """RoPE base from this phase on; None: as before."""

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"the share of a phase must be in (0, 1], got {self.share}")
        if not self.row_lengths or min(self.row_lengths) < 2:
            raise ValueError(f"the row lengths of a phase must be at least 2, got {self.row_lengths}")
        if self.rope_theta is not None and not self.rope_theta > 0:
            raise ValueError(f"the RoPE base of a phase must be positive, got {self.rope_theta}")


def parse(text: str) -> Phase:
    """`0.9:512,4096:50000` (share, row lengths, RoPE base; the base may be left out)."""
    try:
        share, lengths, *base = text.split(":")
        theta = float(base.pop(0)) if base else None
        rows = tuple(sorted({int(x) for x in lengths.split(",")}))
        if base:
            raise ValueError("too many parts")
        return Phase(share=float(share), row_lengths=rows, rope_theta=theta)
    except ValueError as error:
        raise ValueError(f"a phase is SHARE:LENGTH,LENGTH:BASE, got {text!r} ({error})") from None


def check(phases: Sequence[Phase], *, micro_tokens: int, max_position: int) -> None:
    """ValueError for phases that cannot be run."""
    if abs(sum(phase.share for phase in phases) - 1) > 1e-6:
        raise ValueError(f"the shares of the phases must add up to 1, got {[p.share for p in phases]}")
    lengths = [length for phase in phases for length in phase.row_lengths]
    if wrong := [length for length in lengths if micro_tokens % length]:
        raise ValueError(f"micro_tokens ({micro_tokens}) must be a multiple of the row lengths {wrong}")
    if max(lengths) > max_position:
        raise ValueError(f"max_position ({max_position}) must reach the longest row ({max(lengths)})")


def phase_at(phases: Sequence[Phase], step: int, steps: int) -> int:
    """Index of the phase that step `step` (from 0) of `steps` belongs to."""
    end = 0.0
    for index, phase in enumerate(phases):
        end += phase.share
        if step < round(end * steps):
            return index
    return len(phases) - 1
