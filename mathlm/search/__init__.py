"""The search inside `prove`: one strategy a file, in the order in which `mathlm.search.run` tries them.

    attempts    one proof: cheap tactic step first, then the judge
    mend        a failing proof without the names that Lean does not know
    finish      a failing proof with automation in its gaps
    whole       whole proofs, sampled
    resume      a failing proof is cut before its first error and continued
    repair      a failing proof is written again with Lean's error in sight
    best_first  tactic by tactic, the most probable state first
    sketch      `have … := sorry` first, each `sorry` proved apart
    imports     `import Mathlib` above the proofs of a statement that imports nothing
    disprove    the negation, so that nobody searches for ever what is false

Every strategy takes a `Search` (see `search.py`) and puts its candidates through `Search.check`, which keeps
the limits and the budget and stops at the first accepted proof. What a tactic step says serves search only:
a proof counts when the judge accepts the whole file.
"""

from mathlm.search.config import Part, SearchConfig

__all__ = ["Part", "SearchConfig"]
