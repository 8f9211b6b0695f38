import Mathlib

/-! `linarith`, `nlinarith`, `positivity`, `gcongr`, absolute values, order lemmas cited by name. -/

theorem lin01 (x y : ℚ) (h₁ : x + y = 3) (h₂ : x - y = 1) : x = 2 := by linarith
theorem lin02 (a b c : ℚ) (h : a < b) (h' : b < c) : a < c := by linarith
theorem lin03 (a b : ℤ) (h : 2 * a + 1 ≤ b) (h' : b ≤ 7) : a ≤ 3 := by linarith
theorem lin04 (x : ℚ) (h : 3 * x ≤ 6) : x ≤ 2 := by linarith
theorem lin05 (x y : ℚ) (h : x ≤ y) (h' : y ≤ x) : x = y := by linarith
theorem lin06 (a b : ℕ) (h : a ≤ b) (h' : b < a) : False := by linarith
theorem lin07 (x : ℚ) (h : 0 < x) : 0 < x / 2 := by linarith
theorem lin08 (f : ℕ → ℚ) (h : ∀ n, f n ≤ 3) (h' : 3 ≤ f 2) : f 2 = 3 := by linarith [h 2]
theorem lin09 (a b : ℤ) (h : a ≤ b) : a - 1 < b := by linarith
theorem lin10 (x y z : ℚ) (h₁ : x ≤ y + 1) (h₂ : y ≤ z - 2) : x < z := by linarith
theorem lin11 (p q : ℚ) (h : p + 2 * q = 5) (h' : 2 * p + q = 4) : p = 1 ∧ q = 2 := by
  constructor <;> linarith
theorem lin12 (s : ℕ → ℕ) (h : ∀ n, s n = 2 * n + 1) : s 3 = 7 := by linarith [h 3]
theorem lin13 (a b : ℚ) (h : a < b) : (a + b) / 2 < b := by linarith
theorem lin14 (a b : ℚ) (h : a < b) : a < (a + b) / 2 := by linarith
theorem lin15 (x y : ℤ) (h : x * y = 6) (h' : x * y + x = 8) : x = 2 := by linarith
theorem nlin01 (a b : ℚ) : 2 * a * b ≤ a ^ 2 + b ^ 2 := by nlinarith [sq_nonneg (a - b)]
theorem nlin02 (x y : ℚ) (hx : 0 < x) (hy : x < y) : x * x < y * y := by nlinarith
theorem nlin03 (a b : ℤ) (ha : 2 ≤ a) (hb : 3 ≤ b) : 6 ≤ a * b := by nlinarith
theorem nlin04 (a b : ℕ) (ha : 2 ≤ a) (hb : 3 ≤ b) : 6 ≤ a * b := by nlinarith
theorem nlin05 (a b c : ℚ) : a * b + b * c + c * a ≤ a ^ 2 + b ^ 2 + c ^ 2 := by
  nlinarith [sq_nonneg (a - b), sq_nonneg (b - c), sq_nonneg (c - a)]
theorem nlin06 (x : ℚ) : 0 ≤ x ^ 2 + 2 * x + 1 := by nlinarith [sq_nonneg (x + 1)]
theorem nlin07 (x : ℤ) (h : 4 ≤ x) : 16 ≤ x ^ 2 := by nlinarith
theorem nlin08 (a b : ℚ) (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a * b := by nlinarith
theorem nlin09 (n : ℕ) (h : 2 ≤ n) : 2 * n ≤ n * n := by nlinarith
theorem nlin10 (x y : ℚ) (h : x + y = 2) : x * y ≤ 1 := by nlinarith [sq_nonneg (x - y)]
theorem pos01 (a b : ℚ) (h : 0 < a) (h' : 0 < b) : 0 < a * b + a ^ 2 := by positivity
theorem pos02 (a : ℤ) : 0 ≤ a ^ 2 + 1 := by positivity
theorem pos03 (a : ℚ) : 0 < a ^ 2 + 1 := by positivity
theorem pos04 (n : ℕ) : 0 < 2 ^ n := by positivity
theorem pos05 (n : ℕ) : 0 < n.factorial := by positivity
theorem pos06 (a b : ℚ) (h : 0 < a) (h' : 0 < b) : a * b ≠ 0 := by positivity
theorem pos07 (x : ℚ) (h : 0 ≤ x) : 0 ≤ x * x + x := by positivity
theorem pos08 (n : ℕ) : (0 : ℤ) < 3 ^ n := by positivity
theorem cong01 (a b c d : ℤ) (h : a ≤ b) (h' : c ≤ d) : a + c ≤ b + d := by gcongr
theorem cong02 (a b : ℚ) (h : a < b) : a + 1 < b + 1 := by gcongr
theorem cong03 (a b : ℕ) (h : a ≤ b) : a ^ 3 ≤ b ^ 3 := by gcongr
theorem cong04 (a b : ℚ) (h : a ≤ b) : 2 * a ≤ 2 * b := by gcongr
theorem cong05 (a b c : ℤ) (h : a ≤ b) : c + a ≤ c + b := by gcongr
theorem cong06 (f g : ℕ → ℕ) (h : ∀ i, f i ≤ g i) (n : ℕ) :
    ∑ i ∈ Finset.range n, f i ≤ ∑ i ∈ Finset.range n, g i := by
  apply Finset.sum_le_sum
  intro i _
  exact h i
theorem ord01 (a b c : ℚ) (h : a ≤ b) (h' : b < c) : a < c := h.trans_lt h'
theorem ord02 (a b : ℤ) (h : ¬a ≤ b) : b < a := not_le.1 h
theorem ord03 (a b : ℚ) (h : a ≤ b) (n : a ≠ b) : a < b := lt_of_le_of_ne h n
theorem ord04 (a b : ℕ) (h : a ≤ b) (h' : b ≤ a) : a = b := le_antisymm h h'
theorem ord05 (a b : ℚ) (h : 0 < a) (h' : 0 < b) : 0 < a * b := mul_pos h h'
theorem ord06 (a : ℚ) : 0 ≤ a ^ 2 := sq_nonneg a
theorem ord07 (a b c : ℤ) (h : a ≤ b) (hc : 0 ≤ c) : c * a ≤ c * b := mul_le_mul_of_nonneg_left h hc
theorem ord08 (f : ℕ → ℤ) (h : ∀ n, f n < f (n + 1)) : StrictMono f := strictMono_nat_of_lt_succ h
theorem ord09 (f : ℕ → ℕ) (h : StrictMono f) : Function.Injective f := h.injective
theorem ord10 (a b : ℚ) : a < b ∨ a = b ∨ b < a := lt_trichotomy a b
theorem abs01 (x : ℤ) (h : |x| ≤ 2) : -2 ≤ x ∧ x ≤ 2 := abs_le.1 h
theorem abs02 (x : ℚ) (h : 0 ≤ x) : |x| = x := abs_of_nonneg h
theorem abs03 (x : ℚ) : 0 ≤ |x| := abs_nonneg x
theorem abs04 (x : ℤ) (h : x < 0) : |x| = -x := abs_of_neg h
theorem abs05 (x : ℤ) : |-x| = |x| := abs_neg x
theorem abs06 (x : ℤ) (h : |x - 3| < 2) : x = 2 ∨ x = 3 ∨ x = 4 := by rw [abs_lt] at h; omega
