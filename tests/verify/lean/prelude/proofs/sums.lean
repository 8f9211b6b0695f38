import Mathlib
open BigOperators Finset

/-! Finite sums and products, finite sets and their cardinality. -/

theorem sum01 (n : ℕ) : ∑ k ∈ range n, (2 * k + 1) = n ^ 2 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_range_succ, ih]; ring
theorem sum02 (n : ℕ) : (∑ i ∈ range (n + 1), i) * 2 = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_range_succ, add_mul, ih]; ring
theorem sum03 (n : ℕ) : 6 * ∑ i ∈ range (n + 1), i ^ 2 = n * (n + 1) * (2 * n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => rw [sum_range_succ, mul_add, ih]; ring
theorem sum04 (n : ℕ) : ∑ i ∈ range n, 2 ^ i + 1 = 2 ^ n := by
  induction' n with n ih
  · rfl
  · rw [sum_range_succ, pow_succ]; omega
theorem sum05 (f g : ℕ → ℤ) (n : ℕ) :
    ∑ i ∈ range n, (f i + g i) = ∑ i ∈ range n, f i + ∑ i ∈ range n, g i := sum_add_distrib
theorem sum06 (c : ℤ) (f : ℕ → ℤ) (n : ℕ) : ∑ i ∈ range n, c * f i = c * ∑ i ∈ range n, f i := by rw [mul_sum]
theorem sum07 (n : ℕ) : ∑ _i ∈ range n, 3 = n * 3 := by simp
theorem sum08 (f : ℕ → ℕ) (h : ∀ i, f i = 0) (n : ℕ) : ∑ i ∈ range n, f i = 0 := sum_eq_zero fun i _ => h i
theorem sum09 (f g : ℕ → ℚ) (n : ℕ) (h : ∀ i, i ∈ range n → f i = g i) :
    ∑ i ∈ range n, f i = ∑ i ∈ range n, g i := sum_congr rfl h
theorem sum10 (n : ℕ) : ∑ i ∈ Icc 1 (n + 1), i = ∑ i ∈ Icc 1 n, i + (n + 1) := sum_Icc_succ_top (by omega) _
theorem sum11 (n : ℕ) (q : ℚ) (h : q ≠ 1) : ∑ i ∈ range n, q ^ i = (q ^ n - 1) / (q - 1) := by
  have h' : q - 1 ≠ 0 := fun e => h (sub_eq_zero.1 e)
  rw [eq_div_iff h']
  induction n with
  | zero => rw [sum_range_zero, pow_zero]; ring
  | succ n ih => rw [sum_range_succ, add_mul, ih, pow_succ]; ring
theorem sum12 : ∑ x ∈ Finset.filter (fun x => x % 3 = 0) (range 10), x = 18 := by norm_num
theorem sum13 : ∑ i : Fin 4, (i : ℕ) = 6 := by norm_num
theorem sum14 (s : Finset ℕ) (f : ℕ → ℕ) (a : ℕ) (h : a ∈ s) : f a ≤ ∑ i ∈ s, f i := single_le_sum h
theorem prod01 (n : ℕ) : ∏ i ∈ range n, (i + 1) = n.factorial := by
  induction n with
  | zero => rfl
  | succ n ih => rw [prod_range_succ, ih, Nat.factorial_succ]; ring
theorem prod02 (n : ℕ) : ∏ _i ∈ range n, 2 = 2 ^ n := by rw [prod_const, card_range]
theorem prod03 (f : ℕ → ℕ) (s : Finset ℕ) (h : ∀ i, i ∈ s → 0 < f i) : 0 < ∏ i ∈ s, f i := prod_pos h
theorem prod04 (a : ℕ) (s : Finset ℕ) (h : a ∈ s) : a ∣ ∏ i ∈ s, i := dvd_prod_of_mem (fun i => i) h
theorem card01 (n : ℕ) : (range n).card = n := by simp
theorem card02 (a b : ℕ) : (Icc a b).card = b + 1 - a := by simp
theorem card03 (s : Finset ℕ) (h : ∀ x, x ∈ s ↔ x < 7) : s.card = 7 := by
  have : s = range 7 := by ext x; simp [h]
  rw [this]; rfl
theorem card04 (S : Finset ℕ) (h₀ : ∀ n : ℕ, n ∈ S ↔ n ∣ 36) : ∑ k ∈ S, k = 91 := by
  have : S = Nat.divisors 36 := by ext x; simp [h₀]
  rw [this]; decide
theorem card05 (s : Finset ℤ) (f : ℤ → ℤ) (h₀ : ∀ x, f x = abs (x + 4)) (h₁ : ∀ x, x ∈ s ↔ f x < 9) :
    s.card = 17 := by
  have : s = Icc (-12) 4 := by
    ext x
    rw [h₁, h₀, abs_lt, mem_Icc]
    omega
  rw [this]; rfl
theorem card06 (s t : Finset ℕ) (h : s ⊆ t) : s.card ≤ t.card := card_le_card h
theorem mem01 (a b : ℕ) (s : Finset ℕ) (h : a ∈ s) : a ∈ s ∪ {b} := by simp [h]
theorem mem02 (s t : Finset ℕ) : s ∩ t ⊆ s := by intro x hx; simp at hx; exact hx.1
theorem mem03 (s t : Finset ℕ) : s ∩ t = t ∩ s := by ext x; simp [and_comm]
theorem mem04 (x : ℕ) (h : x ∈ ({1, 2, 3} : Finset ℕ)) : x < 4 := by fin_cases h <;> norm_num
theorem mem05 (p : ℕ) (h : p ∈ Nat.primeFactors 12) : p = 2 ∨ p = 3 := by
  have : p ∈ ({2, 3} : Finset ℕ) := by
    have e : Nat.primeFactors 12 = {2, 3} := by decide
    exact e ▸ h
  simpa using this
theorem mem06 (s : Finset ℕ) : Finset.filter (fun _ => True) s = s := by simp
theorem imo_like (n : ℕ) (u : ℕ → ℕ) (h₀ : u 0 = 0) (h₁ : ∀ n, u (n + 1) = 2 * u n + (n + 1)) :
    u n = 2 ^ (n + 1) - (n + 2) := by
  have h : u n + (n + 2) = 2 ^ (n + 1) := by
    induction n with
    | zero => rw [h₀]
    | succ n ih => rw [h₁, pow_succ, ← ih]; ring
  omega
