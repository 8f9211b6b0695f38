import MathLM.Prelude.BigOperatorsRing

/-! Number theory on ℕ: parity, primes, factorials, binomials, divisors, digits, square roots. Definitions are
made so that the kernel can compute them. -/

def Even {α : Type u} [Add α] (a : α) : Prop := ∃ r, a = r + r
def Odd {α : Type u} [Lean.Grind.Semiring α] (a : α) : Prop := ∃ m, a = 2 * m + 1
def IsSquare {α : Type u} [Mul α] (a : α) : Prop := ∃ r, a = r * r

namespace Nat

@[grind =] theorem even_iff {n : ℕ} : Even n ↔ n % 2 = 0 :=
  ⟨fun ⟨r, h⟩ => by omega, fun h => ⟨n / 2, by omega⟩⟩
theorem odd_iff_exists {n : ℕ} : Odd n ↔ ∃ m, n = 2 * m + 1 := Iff.rfl
@[grind =] theorem odd_iff {n : ℕ} : Odd n ↔ n % 2 = 1 :=
  ⟨fun ⟨r, h⟩ => by have h : n = 2 * r + 1 := h; omega,
   fun h => ⟨n / 2, by have : n = 2 * (n / 2) + 1 := by omega
                       exact this⟩⟩
theorem not_even_iff_odd {n : ℕ} : ¬Even n ↔ Odd n := by rw [even_iff, odd_iff]; omega
theorem not_odd_iff_even {n : ℕ} : ¬Odd n ↔ Even n := by rw [even_iff, odd_iff]; omega
theorem even_or_odd (n : ℕ) : Even n ∨ Odd n := by rw [even_iff, odd_iff]; omega
theorem even_add_one {n : ℕ} : Even (n + 1) ↔ ¬Even n := by rw [even_iff, even_iff]; omega
theorem even_add {m n : ℕ} : Even (m + n) ↔ (Even m ↔ Even n) := by simp only [even_iff]; omega
theorem even_mul {m n : ℕ} : Even (m * n) ↔ Even m ∨ Even n := by
  rw [even_iff, even_iff, even_iff, Nat.mul_mod]
  rcases Nat.mod_two_eq_zero_or_one m with h | h <;> rcases Nat.mod_two_eq_zero_or_one n with k | k <;> simp [h, k]

instance decidableEven (n : ℕ) : Decidable (Even n) := decidable_of_iff _ even_iff.symm
instance decidableOdd (n : ℕ) : Decidable (Odd n) := decidable_of_iff _ odd_iff.symm

end Nat

theorem even_iff_two_dvd {n : ℕ} : Even n ↔ 2 ∣ n := by rw [Nat.even_iff]; omega
theorem Even.two_dvd {n : ℕ} (h : Even n) : 2 ∣ n := even_iff_two_dvd.1 h

namespace Int

@[grind =] theorem even_iff {n : ℤ} : Even n ↔ n % 2 = 0 :=
  ⟨fun ⟨r, h⟩ => by omega, fun h => ⟨n / 2, by omega⟩⟩
@[grind =] theorem odd_iff {n : ℤ} : Odd n ↔ n % 2 = 1 :=
  ⟨fun ⟨r, h⟩ => by have h : n = 2 * r + 1 := h; omega,
   fun h => ⟨n / 2, by have : n = 2 * (n / 2) + 1 := by omega
                       exact this⟩⟩
theorem not_even_iff_odd {n : ℤ} : ¬Even n ↔ Odd n := by rw [even_iff, odd_iff]; omega
theorem not_odd_iff_even {n : ℤ} : ¬Odd n ↔ Even n := by rw [even_iff, odd_iff]; omega
theorem even_or_odd (n : ℤ) : Even n ∨ Odd n := by rw [even_iff, odd_iff]; omega

instance (n : ℤ) : Decidable (Even n) := decidable_of_iff _ even_iff.symm
instance (n : ℤ) : Decidable (Odd n) := decidable_of_iff _ odd_iff.symm

end Int

namespace Nat

/-! ### Square roots -/

/-- The integer square root, base 4 digit by base 4 digit. -/
def sqrtAux : ℕ → ℕ → ℕ
  | 0, _ => 0
  | fuel + 1, n =>
    if n = 0 then 0
    else
      let r := 2 * sqrtAux fuel (n / 4)
      if (r + 1) * (r + 1) ≤ n then r + 1 else r

/-- The largest `r` with `r * r ≤ n`. -/
def sqrt (n : ℕ) : ℕ := sqrtAux n n

theorem sqrtAux_spec : ∀ fuel n, n ≤ fuel →
    sqrtAux fuel n * sqrtAux fuel n ≤ n ∧ n < (sqrtAux fuel n + 1) * (sqrtAux fuel n + 1)
  | 0, n, h => by simp [sqrtAux]; omega
  | fuel + 1, n, h => by
    rw [sqrtAux]
    split
    · next h => subst h; simp
    · have ih := sqrtAux_spec fuel (n / 4) (by omega)
      generalize sqrtAux fuel (n / 4) = r at ih
      have h₁ : 4 * (r * r) ≤ n := by omega
      have h₂ : n < 4 * ((r + 1) * (r + 1)) := by omega
      simp only
      split
      · next h => exact ⟨h, by grind⟩
      · next h => exact ⟨by grind, by omega⟩

theorem sqrt_le (n : ℕ) : sqrt n * sqrt n ≤ n := (sqrtAux_spec n n (Nat.le_refl n)).1
theorem sqrt_le' (n : ℕ) : sqrt n ^ 2 ≤ n := by rw [Nat.pow_two]; exact sqrt_le n
theorem lt_succ_sqrt (n : ℕ) : n < succ (sqrt n) * succ (sqrt n) := (sqrtAux_spec n n (Nat.le_refl n)).2

theorem le_sqrt {m n : ℕ} : m ≤ sqrt n ↔ m * m ≤ n := by
  constructor
  · intro h; exact Nat.le_trans (Nat.mul_le_mul h h) (sqrt_le n)
  · intro h
    refine Nat.not_lt.1 fun l => ?_
    have h₁ := lt_succ_sqrt n
    have h₂ : succ (sqrt n) * succ (sqrt n) ≤ m * m := Nat.mul_le_mul l l
    omega

theorem sqrt_lt {m n : ℕ} : sqrt m < n ↔ m < n * n := by
  rw [← Nat.not_le, le_sqrt, Nat.not_le]

theorem sqrt_eq (n : ℕ) : sqrt (n * n) = n :=
  Nat.le_antisymm (Nat.not_lt.1 fun h => by
    have := sqrt_le (n * n); have := Nat.mul_self_lt_mul_self h; omega) (le_sqrt.2 (Nat.le_refl _))
theorem sqrt_eq' (n : ℕ) : sqrt (n ^ 2) = n := by rw [Nat.pow_two, sqrt_eq]

instance (n : ℕ) : Decidable (IsSquare n) :=
  decidable_of_iff (sqrt n * sqrt n = n) ⟨fun h => ⟨_, h.symm⟩, fun ⟨r, h⟩ => by subst h; rw [sqrt_eq]⟩

/-! ### Primes -/

/-- At least two, and divided by one and itself only (Mathlib's `Nat.prime_def`). -/
def Prime (p : ℕ) : Prop := 2 ≤ p ∧ ∀ m, m ∣ p → m = 1 ∨ m = p

/-- No number from `k` on, up to the square root of `n`, divides `n`. -/
def noDivisorFrom (n : ℕ) : ℕ → ℕ → Bool
  | 0, _ => true
  | fuel + 1, k => if n < k * k then true else if n % k = 0 then false else noDivisorFrom n fuel (k + 1)

theorem noDivisorFrom_iff (n : ℕ) : ∀ fuel k, 2 ≤ k → n < (k + fuel) * (k + fuel) →
    (noDivisorFrom n fuel k = true ↔ ∀ m, k ≤ m → m * m ≤ n → ¬m ∣ n)
  | 0, k, _, h => by
    simp only [noDivisorFrom, true_iff]
    intro m hm hmm
    have := Nat.mul_le_mul hm hm
    simp at h; omega
  | fuel + 1, k, hk, h => by
    rw [noDivisorFrom]
    split
    · next hlt =>
      simp only [true_iff]
      intro m hm hmm
      have := Nat.mul_le_mul hm hm
      omega
    · next hlt =>
      split
      · next hdvd =>
        simp only [Bool.false_eq_true, false_iff]
        intro hall
        exact hall k (Nat.le_refl k) (Nat.not_lt.1 hlt) (Nat.dvd_of_mod_eq_zero hdvd)
      · next hdvd =>
        rw [noDivisorFrom_iff n fuel (k + 1) (by omega) (by
          have : k + 1 + fuel = k + (fuel + 1) := by omega
          rw [this]; exact h)]
        constructor
        · intro hall m hm hmm hd
          rcases Nat.lt_or_ge k m with l | l
          · exact hall m l hmm hd
          · have : m = k := by omega
            subst this
            exact hdvd (Nat.mod_eq_zero_of_dvd hd)
        · intro hall m hm; exact hall m (by omega)

theorem prime_iff_noDivisorFrom {p : ℕ} : Prime p ↔ 2 ≤ p ∧ noDivisorFrom p p 2 = true := by
  constructor
  · intro h
    refine ⟨h.1, (noDivisorFrom_iff p p 2 (by omega) (by grind)).2 fun m hm hmm hd => ?_⟩
    rcases h.2 m hd with rfl | rfl
    · omega
    · have := Nat.mul_le_mul hm (Nat.le_refl m); omega
  · rintro ⟨h₂, h⟩
    have h := (noDivisorFrom_iff p p 2 (by omega) (by grind)).1 h
    refine ⟨h₂, fun m hd => ?_⟩
    obtain ⟨c, hc⟩ := hd
    rcases Nat.lt_or_ge m 2 with hm | hm
    · rcases m with _ | _ | m
      · simp at hc; omega
      · exact .inl rfl
      · omega
    rcases Nat.lt_or_ge c 2 with hc₂ | hc₂
    · rcases c with _ | _ | c
      · simp at hc; omega
      · right; simp at hc; exact hc.symm
      · omega
    exfalso
    rcases Nat.le_total m c with hmc | hmc
    · exact h m hm (by rw [hc]; exact Nat.mul_le_mul_left m hmc) ⟨c, hc⟩
    · exact h c hc₂ (by rw [hc]; exact Nat.mul_le_mul_right c hmc) ⟨m, by rw [hc, Nat.mul_comm]⟩

instance decidablePrime (p : ℕ) : Decidable (Prime p) := decidable_of_iff _ prime_iff_noDivisorFrom.symm

theorem prime_def {p : ℕ} : Prime p ↔ 2 ≤ p ∧ ∀ m, m ∣ p → m = 1 ∨ m = p := Iff.rfl
theorem Prime.two_le {p : ℕ} (h : Prime p) : 2 ≤ p := h.1
theorem Prime.one_lt {p : ℕ} (h : Prime p) : 1 < p := h.1
theorem Prime.pos {p : ℕ} (h : Prime p) : 0 < p := Nat.lt_of_lt_of_le (by decide) h.1
theorem Prime.ne_zero {p : ℕ} (h : Prime p) : p ≠ 0 := Nat.ne_of_gt h.pos
theorem Prime.ne_one {p : ℕ} (h : Prime p) : p ≠ 1 := Nat.ne_of_gt h.one_lt
theorem Prime.eq_one_or_self_of_dvd {p : ℕ} (h : Prime p) (m : ℕ) (d : m ∣ p) : m = 1 ∨ m = p := h.2 m d
theorem prime_two : Prime 2 := by decide
theorem prime_three : Prime 3 := by decide
theorem prime_five : Prime 5 := by decide
theorem not_prime_zero : ¬Prime 0 := by decide
theorem not_prime_one : ¬Prime 1 := by decide

theorem Prime.coprime_iff_not_dvd {p n : ℕ} (h : Prime p) : Coprime p n ↔ ¬p ∣ n := by
  constructor
  · intro c d
    have : gcd p n = p := Nat.gcd_eq_left d
    have h₁ := h.one_lt
    rw [Coprime] at c; omega
  · intro d
    rcases h.2 (gcd p n) (Nat.gcd_dvd_left p n) with e | e
    · exact e
    · exact absurd (e ▸ Nat.gcd_dvd_right p n) d

theorem Prime.dvd_mul {p m n : ℕ} (h : Prime p) : p ∣ m * n ↔ p ∣ m ∨ p ∣ n :=
  ⟨fun d => (Classical.em (p ∣ m)).imp id fun k => (h.coprime_iff_not_dvd.2 k).dvd_of_dvd_mul_left d,
   fun d => d.elim (fun k => Nat.dvd_trans k (Nat.dvd_mul_right _ _)) fun k => Nat.dvd_trans k (Nat.dvd_mul_left _ _)⟩

theorem Prime.dvd_of_dvd_pow {p m n : ℕ} (h : Prime p) (d : p ∣ m ^ n) : p ∣ m := by
  induction n with
  | zero => exact absurd (Nat.dvd_one.1 d) h.ne_one
  | succ n ih => exact ((h.dvd_mul).1 d).elim ih id

theorem Prime.eq_two_or_odd {p : ℕ} (h : Prime p) : p = 2 ∨ p % 2 = 1 := by
  rcases Nat.mod_two_eq_zero_or_one p with e | e
  · exact .inl ((h.2 2 (Nat.dvd_of_mod_eq_zero e)).resolve_left (by decide)).symm
  · exact .inr e

theorem Prime.eq_two_or_odd' {p : ℕ} (h : Prime p) : p = 2 ∨ Odd p :=
  h.eq_two_or_odd.imp id fun e => odd_iff.2 e

theorem prime_dvd_prime_iff_eq {p q : ℕ} (hp : Prime p) (hq : Prime q) : p ∣ q ↔ p = q :=
  ⟨fun d => (hq.2 p d).resolve_left hp.ne_one, fun e => e ▸ Nat.dvd_refl p⟩

theorem coprime_primes {p q : ℕ} (hp : Prime p) (hq : Prime q) : Coprime p q ↔ p ≠ q := by
  rw [hp.coprime_iff_not_dvd, prime_dvd_prime_iff_eq hp hq]

theorem not_prime_mul {a b : ℕ} (ha : a ≠ 1) (hb : b ≠ 1) : ¬Prime (a * b) := by
  intro h
  rcases h.2 a ⟨b, rfl⟩ with e | e
  · exact ha e
  · have : 0 < a := Nat.pos_of_ne_zero fun z => by subst z; simp at h; exact not_prime_zero h
    exact hb (Nat.eq_of_mul_eq_mul_left this (by omega))

theorem exists_prime_and_dvd {n : ℕ} (h : n ≠ 1) : ∃ p, Prime p ∧ p ∣ n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    by_cases hp : Prime n
    · exact ⟨n, hp, Nat.dvd_refl n⟩
    rcases Nat.eq_zero_or_pos n with rfl | hn
    · exact ⟨2, prime_two, Nat.dvd_zero 2⟩
    have : ∃ m, m ∣ n ∧ m ≠ 1 ∧ m ≠ n := Classical.byContradiction fun k => hp ⟨by omega, fun m d =>
      Classical.byContradiction fun l => k ⟨m, d, fun e => l (.inl e), fun e => l (.inr e)⟩⟩
    obtain ⟨m, d, h₁, h₂⟩ := this
    obtain ⟨p, hp, hd⟩ := ih m (Nat.lt_of_le_of_ne (Nat.le_of_dvd hn d) h₂) h₁
    exact ⟨p, hp, Nat.dvd_trans hd d⟩

end Nat
