import MathLM.Prelude.Basic
import MathLM.Prelude.Order
import MathLM.Prelude.Algebra
import MathLM.Prelude.Set
import MathLM.Prelude.Multiset
import MathLM.Prelude.Finset
import MathLM.Prelude.BigOperators
import MathLM.Prelude.BigOperatorsRing
import MathLM.Prelude.Nat
import MathLM.Prelude.Combinatorics
import MathLM.Prelude.Modular
import MathLM.Prelude.Ordered
import MathLM.Prelude.Abs
import MathLM.Prelude.Rings
import MathLM.Prelude.Divides
import MathLM.Prelude.OrderedMore
import MathLM.Prelude.Powers
import MathLM.Prelude.Fields
import MathLM.Prelude.Casts
import MathLM.Prelude.Tactics
import MathLM.Prelude.MoreTactics

/-! Mathlib's language on core Lean; the files in the order in which they are elaborated. -/
