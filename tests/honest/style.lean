/-! Ways to write a file: namespaces, sections, variables, notation, macros, unicode, options, attributes. -/

namespace Outer.Inner
theorem here (n : Nat) : n = n := rfl
protected theorem guarded : True := trivial
end Outer.Inner
theorem there (n : Nat) : n = n := Outer.Inner.here n
theorem _root_.top : True := Outer.Inner.guarded

section
variable {α : Type} (r : α → α → Prop) (symm : ∀ a b, r a b → r b a)
include symm in
theorem with_variable (a b : α) : r a b ↔ r b a := ⟨symm a b, symm b a⟩
theorem without_variable (a : α) : r a a → r a a := id
end

local notation:65 a " ⊞ " b => a + b + a
theorem with_notation (a b : Nat) : (a ⊞ b) = 2 * a + b := by omega

local infixl:60 " ◃ " => fun (a b : Nat) => a < b
theorem with_infix (a : Nat) : a ◃ (a + 1) := Nat.lt_succ_self a

local macro "finish" : tactic => `(tactic| first | rfl | omega | simp_all)
theorem with_macro (a b : Nat) (h : a < b) : ¬b ≤ a := by finish

local macro "qed!" : term => `(by trivial)
theorem with_term_macro : True := qed!

syntax "both " term " and " term : term
macro_rules | `(both $a and $b) => `(And.intro $a $b)
theorem with_syntax (p q : Prop) (hp : p) (hq : q) : p ∧ q := both hp and hq

@[simp] theorem my_simp (f : Nat → Nat) (h : ∀ n, f n = n) : f 3 = 3 := h 3
theorem uses_simp (f : Nat → Nat) (h : ∀ n, f n = n) : f 3 + 1 = 4 := by simp [h]

@[reducible] def two : Nat := 2
theorem with_reducible : two + two = 4 := rfl

open Nat in
theorem with_open (a b : Nat) (h : a < b) : a.succ ≤ b := succ_le_of_lt h

set_option maxRecDepth 2000 in
theorem with_option : (List.range 200).length = 200 := by decide

theorem «name with spaces» : True := trivial
theorem β_reduction (α β : Type) (f : α → β) (γ : α) : (fun x ↦ f x) γ = f γ := rfl
theorem ℕ_is_inhabited : Nonempty Nat := ⟨0⟩
theorem subscript₁ (x₁ x₂ : Nat) (h₁ : x₁ = x₂) : x₂ = x₁ := h₁.symm
theorem prime' (x' : Nat) : x' ≤ x' := x'.le_refl
/-- With a documentation comment. -/
theorem documented : 1 ≤ 2 := by decide -- and an end
theorem /- odd -/ commented /- places -/ : True /- are -/ := /- fine -/ trivial
theorem dots (p q : Prop) (h : p ∧ q) : q := by
  · cases h
    · assumption
theorem semicolons (p q : Prop) : p → q → p ∧ q := by intro a b; constructor; exact a; exact b
theorem anonymous_have (a b : Nat) (_ : a < b) : a ≤ b := by
  have : a < b := ‹_›
  exact Nat.le_of_lt ‹a < b›
theorem auto_bound (l : List α) : l = l := rfl
theorem default_argument (n : Nat := 3) : n ≤ n := Nat.le_refl n
theorem instance_argument [DecidableEq α] (a b : α) : a = b ∨ a ≠ b := Decidable.em _
theorem strict ⦃a b : Nat⦄ (h : a = b) : b = a := h.symm
example : 1 = 1 := rfl
#check Nat.add_comm
theorem after_commands : 2 + 2 = 4 := rfl
