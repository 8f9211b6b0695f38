import Mathlib

/-! Whether the prelude's definitions are Mathlib's: for whoever has Mathlib (see `lean_workspace/README.md`).

Each `Ours` is the body of a definition of `MathLM/Prelude`, copied with its auxiliary functions; each theorem says
that it is Mathlib's. Run with `lake env lean PreludeAgrees.lean` in a copy of this folder. -/

namespace Ours

def Prime (p : ℕ) : Prop := 2 ≤ p ∧ ∀ m, m ∣ p → m = 1 ∨ m = p
theorem prime : @Prime = Nat.Prime := by
  funext p; exact propext Nat.prime_def.symm

def Even {α : Type u} [Add α] (a : α) : Prop := ∃ r, a = r + r
theorem even {α : Type u} [Add α] : @Even α _ = _root_.Even := rfl
def Odd {α : Type u} [Semiring α] (a : α) : Prop := ∃ m, a = 2 * m + 1
theorem odd {α : Type u} [Semiring α] : @Odd α _ = _root_.Odd := rfl
def IsSquare {α : Type u} [Mul α] (a : α) : Prop := ∃ r, a = r * r
theorem isSquare {α : Type u} [Mul α] : @IsSquare α _ = _root_.IsSquare := by
  funext a; exact propext isSquare_iff_exists_mul_self.symm

def factorial : ℕ → ℕ
  | 0 => 1
  | n + 1 => (n + 1) * factorial n
theorem factorial_eq : factorial = Nat.factorial := by
  funext n; induction n with
  | zero => rfl
  | succ n ih => rw [factorial, ih, Nat.factorial_succ]

def choose : ℕ → ℕ → ℕ
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)
theorem choose_eq : choose = Nat.choose := by
  funext n k; induction n generalizing k with
  | zero => cases k <;> simp [choose]
  | succ n ih => cases k with
    | zero => simp [choose]
    | succ k => rw [choose, ih, ih, Nat.choose_succ_succ]

def sqrtAux : ℕ → ℕ → ℕ
  | 0, _ => 0
  | fuel + 1, n =>
    if n = 0 then 0
    else
      let r := 2 * sqrtAux fuel (n / 4)
      if (r + 1) * (r + 1) ≤ n then r + 1 else r
theorem sqrtAux_eq : ∀ fuel n, n ≤ fuel → sqrtAux fuel n = Nat.sqrt n
  | 0, n, h => by obtain rfl := Nat.le_zero.1 h; rfl
  | fuel + 1, n, h => by
    rw [sqrtAux]
    split
    · next e => subst e; rfl
    · have ih := sqrtAux_eq fuel (n / 4) (by omega)
      have h₁ := Nat.sqrt_le (n / 4)
      have h₂ := Nat.lt_succ_sqrt (n / 4)
      rw [ih]
      generalize Nat.sqrt (n / 4) = r at h₁ h₂
      have h₃ : 4 * (r * r) ≤ n := by omega
      have h₄ : n < 4 * ((r + 1) * (r + 1)) := by have := h₂; simp only [Nat.succ_eq_add_one] at this; omega
      simp only
      split
      · next h => exact Nat.eq_sqrt.2 ⟨h, by nlinarith⟩
      · next h => exact Nat.eq_sqrt.2 ⟨by nlinarith, by omega⟩

theorem divisors : (fun n : ℕ => Finset.filter (fun d => d ∣ n) (Finset.Ico 1 (n + 1))) = Nat.divisors := by
  funext n; ext d; simp only [Finset.mem_filter, Finset.mem_Ico, Nat.mem_divisors]
  constructor
  · rintro ⟨h, k⟩; exact ⟨k, by omega⟩
  · rintro ⟨k, h⟩; exact ⟨⟨Nat.pos_of_dvd_of_pos k (by omega), Nat.lt_succ_of_le (Nat.le_of_dvd (by omega) k)⟩, k⟩
theorem totient : (fun n : ℕ => ((Finset.range n).filter n.Coprime).card) = Nat.totient := rfl
theorem natModEq : (fun n a b : ℕ => a % n = b % n) = Nat.ModEq := rfl
theorem intModEq : (fun n a b : ℤ => a % n = b % n) = Int.ModEq := rfl
theorem abs_eq {α : Type u} [Lattice α] [AddGroup α] : (fun a : α => a ⊔ -a) = fun a => |a| := rfl
theorem bijective {α : Sort u} {β : Sort v} (f : α → β) :
    (Function.Injective f ∧ Function.Surjective f) = Function.Bijective f := rfl
theorem isLeast {α : Type u} [Preorder α] (s : Set α) (a : α) : (a ∈ s ∧ a ∈ lowerBounds s) = IsLeast s a := rfl
theorem isGreatest {α : Type u} [Preorder α] (s : Set α) (a : α) : (a ∈ s ∧ a ∈ upperBounds s) = IsGreatest s a := rfl
theorem isCoprime {α : Type u} [CommSemiring α] (x y : α) : (∃ a b, a * x + b * y = 1) = IsCoprime x y := rfl
theorem isUnit {α : Type u} [CommSemiring α] (a : α) : (∃ b, a * b = 1) = IsUnit a :=
  propext isUnit_iff_exists_inv.symm
theorem strictMono {α : Type u} {β : Type v} [Preorder α] [Preorder β] (f : α → β) :
    (∀ ⦃a b⦄, a < b → f a < f b) = StrictMono f := rfl
theorem monotone {α : Type u} {β : Type v} [Preorder α] [Preorder β] (f : α → β) :
    (∀ ⦃a b⦄, a ≤ b → f a ≤ f b) = Monotone f := rfl
theorem xor (a b : Prop) : (a ∧ ¬b ∨ b ∧ ¬a) = Xor' a b := rfl

end Ours
