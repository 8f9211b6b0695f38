/-! Number types, namespaces, and logic: Mathlib's names over core Lean.

The prelude is elaborated in order (see `verify/lean/freeze.cjs`) from the environment of Init and Std, with the
kernel on. Names and meanings are Mathlib's; proofs are our own. What Mathlib has and the prelude lacks is an
error that names it. -/

notation "ℕ" => Nat
notation "ℤ" => Int
notation "ℚ" => Rat

/-- What the prelude lacks is said by name, not bound as a new variable. -/
macro "ℝ" : term => do throw (.error (← Lean.MonadRef.getRef) "the prelude has no real numbers (ℝ, `Real`): use ℚ, or check on a machine with Mathlib")
macro "ℂ" : term => do throw (.error (← Lean.MonadRef.getRef) "the prelude has no complex numbers (ℂ, `Complex`): check on a machine with Mathlib")
macro "ℝ≥0" : term => do throw (.error (← Lean.MonadRef.getRef) "the prelude has no real numbers (ℝ≥0, `NNReal`): use ℚ, or check on a machine with Mathlib")
macro "ℕ+" : term => do throw (.error (← Lean.MonadRef.getRef) "the prelude has no type of positive natural numbers (ℕ+, `PNat`): use ℕ and a hypothesis")

-- Files open these namespaces; they must exist even where they hold nothing.
namespace BigOperators end BigOperators
namespace Real end Real
namespace Complex end Complex
namespace NNReal end NNReal
namespace ENNReal end ENNReal
namespace Topology end Topology
namespace Filter end Filter
namespace Polynomial end Polynomial
namespace MeasureTheory end MeasureTheory
namespace EuclideanGeometry end EuclideanGeometry
namespace Matrix end Matrix
namespace Pointwise end Pointwise
namespace Interval end Interval
namespace ComplexConjugate end ComplexConjugate
namespace ArithmeticFunction end ArithmeticFunction
namespace Multiset end Multiset
namespace Finset end Finset
namespace ZMod end ZMod
namespace Set end Set
namespace Asymptotics end Asymptotics
namespace Metric end Metric
namespace Affine end Affine
namespace Group end Group
namespace Ideal end Ideal
namespace Module end Module
namespace LinearMap end LinearMap
namespace SimpleGraph end SimpleGraph
namespace Equiv end Equiv
namespace Fintype end Fintype
namespace Order end Order
namespace CategoryTheory end CategoryTheory
namespace Cardinal end Cardinal
namespace Ordinal end Ordinal
namespace Classical end Classical
namespace InnerProductSpace end InnerProductSpace
namespace RealInnerProductSpace end RealInnerProductSpace
namespace PNat end PNat
namespace Rat end Rat

/-! ### Logic -/

/-- There is exactly one. -/
def ExistsUnique {α : Sort u} (p : α → Prop) : Prop := ∃ x, p x ∧ ∀ y, p y → y = x

open Lean in
syntax "∃! " explicitBinders ", " term : term
macro_rules
  | `(∃! $xs:explicitBinders, $b) => Lean.expandExplicitBinders ``ExistsUnique xs b

open Lean in
@[app_unexpander ExistsUnique] def unexpandExistsUnique : PrettyPrinter.Unexpander
  | `($(_) fun $x:ident ↦ $b) => `(∃! $x:ident, $b)
  | `($(_) fun ($x:ident : $t) ↦ $b) => `(∃! $x:ident : $t, $b)
  | _ => throw ()

theorem ExistsUnique.intro {α : Sort u} {p : α → Prop} (w : α) (h₁ : p w) (h₂ : ∀ y, p y → y = w) :
    ∃! x, p x := ⟨w, h₁, h₂⟩

theorem ExistsUnique.exists {α : Sort u} {p : α → Prop} : (∃! x, p x) → ∃ x, p x
  | ⟨x, h, _⟩ => ⟨x, h⟩

theorem ExistsUnique.unique {α : Sort u} {p : α → Prop} (h : ∃! x, p x) {a b : α} (ha : p a) (hb : p b) : a = b :=
  let ⟨_, _, u⟩ := h
  (u a ha).trans (u b hb).symm

theorem exists_unique_of_exists_of_unique {α : Sort u} {p : α → Prop} (h : ∃ x, p x)
    (u : ∀ a b, p a → p b → a = b) : ∃! x, p x :=
  let ⟨x, hx⟩ := h
  ⟨x, hx, fun y hy => u y x hy hx⟩

theorem by_contradiction {p : Prop} (h : ¬p → False) : p := Classical.byContradiction h

theorem not_forall {α : Sort u} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x := Classical.not_forall

theorem not_and_or {a b : Prop} : ¬(a ∧ b) ↔ ¬a ∨ ¬b := Classical.not_and_iff_not_or_not

theorem or_iff_not_imp_left {a b : Prop} : a ∨ b ↔ (¬a → b) := Classical.or_iff_not_imp_left

theorem or_iff_not_imp_right {a b : Prop} : a ∨ b ↔ (¬b → a) := Classical.or_iff_not_imp_right

theorem imp_iff_not_or {a b : Prop} : (a → b) ↔ ¬a ∨ b :=
  ⟨fun h => (Classical.em a).elim (fun k => .inr (h k)) .inl, fun h k => h.resolve_left (· k)⟩

theorem not_imp_not {a b : Prop} : (¬a → ¬b) ↔ (b → a) :=
  ⟨fun h k => Classical.byContradiction fun n => h n k, fun h k l => k (h l)⟩

theorem em (p : Prop) : p ∨ ¬p := Classical.em p

theorem Eq.le {α : Type u} [LE α] [Std.Refl (α := α) (· ≤ ·)] {a b : α} (h : a = b) : a ≤ b :=
  h ▸ Std.Refl.refl a

/-! ### Functions -/

namespace Function

def Bijective {α : Sort u} {β : Sort v} (f : α → β) : Prop := Injective f ∧ Surjective f

/-- Core has no `Function.Involutive`. -/
def Involutive {α : Sort u} (f : α → α) : Prop := ∀ x, f (f x) = x

theorem Involutive.injective {α : Sort u} {f : α → α} (h : Involutive f) : Injective f :=
  fun a b e => by rw [← h a, ← h b, e]

theorem Involutive.surjective {α : Sort u} {f : α → α} (h : Involutive f) : Surjective f :=
  fun a => ⟨f a, h a⟩

theorem Involutive.bijective {α : Sort u} {f : α → α} (h : Involutive f) : Bijective f :=
  ⟨h.injective, h.surjective⟩

theorem bijective_id {α : Sort u} : Bijective (@id α) := ⟨fun _ _ h => h, fun a => ⟨a, rfl⟩⟩

theorem Bijective.injective {α : Sort u} {β : Sort v} {f : α → β} (h : Bijective f) : Injective f := h.1

theorem Bijective.surjective {α : Sort u} {β : Sort v} {f : α → β} (h : Bijective f) : Surjective f := h.2

def IsFixedPt {α : Type u} (f : α → α) (x : α) : Prop := f x = x

end Function

/-- `f^[n]` is `f` taken `n` times. -/
def Nat.iterate {α : Sort u} (op : α → α) : ℕ → α → α
  | 0, a => a
  | n + 1, a => Nat.iterate op n (op a)

notation:max f "^[" n "]" => Nat.iterate f n

@[simp] theorem Function.iterate_zero {α : Type u} (f : α → α) : f^[0] = id := rfl

@[simp] theorem Function.iterate_succ {α : Type u} (f : α → α) (n : ℕ) : f^[n + 1] = f^[n] ∘ f := rfl

theorem Function.iterate_succ_apply {α : Type u} (f : α → α) (n : ℕ) (x : α) : f^[n + 1] x = f^[n] (f x) := rfl

theorem Function.iterate_succ_apply' {α : Type u} (f : α → α) (n : ℕ) (x : α) : f^[n + 1] x = f (f^[n] x) := by
  induction n generalizing x with
  | zero => rfl
  | succ n ih => exact ih (f x)
