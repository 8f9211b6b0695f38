import MathLM.Prelude.Combinatorics

/-! Congruences and the integers modulo `n`. -/

namespace Nat

def ModEq (n a b : ℕ) : Prop := a % n = b % n

notation:50 a " ≡ " b " [MOD " n "]" => Nat.ModEq n a b

variable {m n a b c d : ℕ}

instance : Decidable (ModEq n a b) := inferInstanceAs (Decidable (_ = _))

@[grind =] theorem modEq_iff_mod : a ≡ b [MOD n] ↔ a % n = b % n := Iff.rfl

namespace ModEq

protected theorem refl (a : ℕ) : a ≡ a [MOD n] := rfl
protected theorem rfl : a ≡ a [MOD n] := Eq.refl _
protected theorem symm (h : a ≡ b [MOD n]) : b ≡ a [MOD n] := Eq.symm h
protected theorem trans (h : a ≡ b [MOD n]) (h' : b ≡ c [MOD n]) : a ≡ c [MOD n] := Eq.trans h h'
protected theorem add (h : a ≡ b [MOD n]) (h' : c ≡ d [MOD n]) : a + c ≡ b + d [MOD n] := by
  unfold ModEq at *; rw [Nat.add_mod, h, h', ← Nat.add_mod]
protected theorem add_left (c : ℕ) (h : a ≡ b [MOD n]) : c + a ≡ c + b [MOD n] := ModEq.rfl.add h
protected theorem add_right (c : ℕ) (h : a ≡ b [MOD n]) : a + c ≡ b + c [MOD n] := h.add ModEq.rfl
protected theorem mul (h : a ≡ b [MOD n]) (h' : c ≡ d [MOD n]) : a * c ≡ b * d [MOD n] := by
  unfold ModEq at *; rw [Nat.mul_mod, h, h', ← Nat.mul_mod]
protected theorem mul_left (c : ℕ) (h : a ≡ b [MOD n]) : c * a ≡ c * b [MOD n] := ModEq.rfl.mul h
protected theorem mul_right (c : ℕ) (h : a ≡ b [MOD n]) : a * c ≡ b * c [MOD n] := h.mul ModEq.rfl
protected theorem pow (m : ℕ) (h : a ≡ b [MOD n]) : a ^ m ≡ b ^ m [MOD n] := by
  unfold ModEq at *; rw [Nat.pow_mod, h, ← Nat.pow_mod]
theorem of_dvd (d : m ∣ n) (h : a ≡ b [MOD n]) : a ≡ b [MOD m] := by
  unfold ModEq at *; rw [← Nat.mod_mod_of_dvd a d, h, Nat.mod_mod_of_dvd b d]

end ModEq

instance : Trans (ModEq n) (ModEq n) (ModEq n) := ⟨ModEq.trans⟩

theorem modEq_zero_iff_dvd : a ≡ 0 [MOD n] ↔ n ∣ a := by
  unfold ModEq; rw [Nat.zero_mod]; exact (Nat.dvd_iff_mod_eq_zero ..).symm
theorem modEq_iff_dvd : a ≡ b [MOD n] ↔ (n : ℤ) ∣ b - a := by
  unfold ModEq
  rw [← Int.natCast_inj, Int.natCast_emod, Int.natCast_emod]
  exact ⟨fun h => Int.dvd_of_emod_eq_zero (Int.emod_eq_emod_iff_emod_sub_eq_zero.1 h.symm),
    fun h => (Int.emod_eq_emod_iff_emod_sub_eq_zero.2 (Int.emod_eq_zero_of_dvd h)).symm⟩
theorem modEq_of_dvd : (n : ℤ) ∣ b - a → a ≡ b [MOD n] := modEq_iff_dvd.2
theorem modEq_iff_dvd' (h : a ≤ b) : a ≡ b [MOD n] ↔ n ∣ b - a := by
  rw [modEq_iff_dvd, ← Int.natCast_dvd_natCast, Int.natCast_sub h]
theorem mod_modEq (a n : ℕ) : a % n ≡ a [MOD n] := Nat.mod_mod a n

end Nat

namespace Int

def ModEq (n a b : ℤ) : Prop := a % n = b % n

notation:50 a " ≡ " b " [ZMOD " n "]" => Int.ModEq n a b

variable {m n a b c d : ℤ}

instance : Decidable (ModEq n a b) := inferInstanceAs (Decidable (_ = _))

@[grind =] theorem modEq_iff_emod : a ≡ b [ZMOD n] ↔ a % n = b % n := Iff.rfl

namespace ModEq

protected theorem refl (a : ℤ) : a ≡ a [ZMOD n] := rfl
protected theorem rfl : a ≡ a [ZMOD n] := Eq.refl _
protected theorem symm (h : a ≡ b [ZMOD n]) : b ≡ a [ZMOD n] := Eq.symm h
protected theorem trans (h : a ≡ b [ZMOD n]) (h' : b ≡ c [ZMOD n]) : a ≡ c [ZMOD n] := Eq.trans h h'
protected theorem add (h : a ≡ b [ZMOD n]) (h' : c ≡ d [ZMOD n]) : a + c ≡ b + d [ZMOD n] := by
  unfold ModEq at *; rw [Int.add_emod, h, h', ← Int.add_emod]
protected theorem add_left (c : ℤ) (h : a ≡ b [ZMOD n]) : c + a ≡ c + b [ZMOD n] := ModEq.rfl.add h
protected theorem add_right (c : ℤ) (h : a ≡ b [ZMOD n]) : a + c ≡ b + c [ZMOD n] := h.add ModEq.rfl
protected theorem mul (h : a ≡ b [ZMOD n]) (h' : c ≡ d [ZMOD n]) : a * c ≡ b * d [ZMOD n] := by
  unfold ModEq at *; rw [Int.mul_emod, h, h', ← Int.mul_emod]
protected theorem mul_left (c : ℤ) (h : a ≡ b [ZMOD n]) : c * a ≡ c * b [ZMOD n] := ModEq.rfl.mul h
protected theorem mul_right (c : ℤ) (h : a ≡ b [ZMOD n]) : a * c ≡ b * c [ZMOD n] := h.mul ModEq.rfl
protected theorem sub (h : a ≡ b [ZMOD n]) (h' : c ≡ d [ZMOD n]) : a - c ≡ b - d [ZMOD n] := by
  unfold ModEq at *; rw [Int.sub_emod, h, h', ← Int.sub_emod]
protected theorem pow (m : ℕ) (h : a ≡ b [ZMOD n]) : a ^ m ≡ b ^ m [ZMOD n] := by
  induction m with
  | zero => rw [Int.pow_zero, Int.pow_zero]; exact ModEq.rfl
  | succ m ih => rw [Int.pow_succ, Int.pow_succ]; exact ih.mul h

end ModEq

instance : Trans (ModEq n) (ModEq n) (ModEq n) := ⟨ModEq.trans⟩

theorem emod_emod_eq_iff_dvd : a % n = b % n ↔ n ∣ b - a :=
  ⟨fun h => Int.dvd_of_emod_eq_zero (Int.emod_eq_emod_iff_emod_sub_eq_zero.1 h.symm),
   fun h => (Int.emod_eq_emod_iff_emod_sub_eq_zero.2 (Int.emod_eq_zero_of_dvd h)).symm⟩
theorem modEq_iff_dvd : a ≡ b [ZMOD n] ↔ n ∣ b - a := emod_emod_eq_iff_dvd
theorem modEq_zero_iff_dvd : a ≡ 0 [ZMOD n] ↔ n ∣ a := by
  unfold ModEq; rw [Int.zero_emod]; exact (Int.dvd_iff_emod_eq_zero ..).symm
theorem natCast_modEq_iff {a b n : ℕ} : (a : ℤ) ≡ b [ZMOD n] ↔ a ≡ b [MOD n] := by
  unfold ModEq Nat.ModEq; omega

end Int

/-! ### The extended Euclidean algorithm -/

namespace Nat

/-- Steps of Mathlib's `Nat.xgcdAux`: `r`, `s`, `t` with their successors. -/
def xgcdSteps : ℕ → ℕ → ℤ → ℤ → ℕ → ℤ → ℤ → ℕ × ℤ × ℤ
  | 0, _, _, _, r', s', t' => (r', s', t')
  | fuel + 1, r, s, t, r', s', t' =>
    if r = 0 then (r', s', t')
    else xgcdSteps fuel (r' % r) (s' - (r' / r : ℕ) * s) (t' - (r' / r : ℕ) * t) r s t

def xgcd (x y : ℕ) : ℤ × ℤ := (xgcdSteps (x + 1) x 1 0 y 0 1).2
def gcdA (x y : ℕ) : ℤ := (xgcd x y).1
def gcdB (x y : ℕ) : ℤ := (xgcd x y).2

end Nat

/-! ### Integers modulo `n` -/

/-- `ℤ` for 0, numbers below `n` otherwise, as in Mathlib. -/
def ZMod : ℕ → Type
  | 0 => ℤ
  | n + 1 => Fin (n + 1)

namespace ZMod

instance commRing : (n : ℕ) → Lean.Grind.CommRing (ZMod n)
  | 0 => inferInstanceAs (Lean.Grind.CommRing ℤ)
  | n + 1 => inferInstanceAs (Lean.Grind.CommRing (Fin (n + 1)))

instance decEq : (n : ℕ) → DecidableEq (ZMod n)
  | 0 => inferInstanceAs (DecidableEq ℤ)
  | n + 1 => inferInstanceAs (DecidableEq (Fin (n + 1)))

def val : {n : ℕ} → ZMod n → ℕ
  | 0, (a : ℤ) => a.natAbs
  | _ + 1, (a : Fin _) => a.1

/-- Mathlib's inverse: the Bézout coefficient, the sign for `n = 0`. -/
def inv : (n : ℕ) → ZMod n → ZMod n
  | 0, (a : ℤ) => a.sign
  | n + 1, a => (Fin.ofNat (n + 1) (Nat.gcdA a.val (n + 1) % (n + 1 : ℕ)).toNat : Fin (n + 1))

instance (n : ℕ) : Inv (ZMod n) := ⟨inv n⟩

/-- `a / b` is `a * b⁻¹`. -/
instance (n : ℕ) : Div (ZMod n) := ⟨fun a b => a * b⁻¹⟩

instance fintype (n : ℕ) [NeZero n] : Fintype (ZMod n) :=
  match n, ‹NeZero n› with
  | 0, h => absurd rfl h.out
  | n + 1, _ => inferInstanceAs (Fintype (Fin (n + 1)))

end ZMod
