import Mathlib

/-! `ring`, `ring_nf`, `linear_combination`, `field_simp`, and lemmas of algebra cited by name. -/

theorem ring01 (a b : ℤ) : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by ring
theorem ring02 (a b : ℕ) : (a + b) ^ 3 = a ^ 3 + 3 * a ^ 2 * b + 3 * a * b ^ 2 + b ^ 3 := by ring
theorem ring03 (a b : ℚ) : (a - b) * (a + b) = a ^ 2 - b ^ 2 := by ring
theorem ring04 (a b c : ℤ) : (a + b + c) ^ 2 = a ^ 2 + b ^ 2 + c ^ 2 + 2 * (a * b + b * c + c * a) := by ring
theorem ring05 (x : ℚ) : (x - 1) * (x ^ 2 + x + 1) = x ^ 3 - 1 := by ring
theorem ring06 (x y : ℤ) : x * y - y * x = 0 := by ring
theorem ring07 (a : ℚ) : a / 2 + a / 2 = a := by ring
theorem ring08 (n : ℕ) : 2 ^ (n + 1) = 2 * 2 ^ n := by ring
theorem ring09 (n : ℕ) (a : ℤ) : a ^ (n + 2) = a ^ n * a * a := by ring
theorem ring10 (a b c d : ℤ) : (a ^ 2 + b ^ 2) * (c ^ 2 + d ^ 2) = (a * c - b * d) ^ 2 + (a * d + b * c) ^ 2 := by ring
theorem ring11 (a b : ℕ) : a * (b + 1) = b * a + a := by ring
theorem ring12 (x : ℚ) : x * (1 / 3) + x * (2 / 3) = x := by ring
theorem ring13 (a b : ℚ) : (a + b) / 2 - a = (b - a) / 2 := by ring
theorem ring14 (n : ℕ) : (n + 1) * (n + 2) = n ^ 2 + 3 * n + 2 := by ring
theorem ring15 (a b c : ℤ) : (a - b) * (b - c) * (c - a) = -(a - b) * (c - b) * (c - a) := by ring
theorem ring16 (α : Type) [CommRing α] (a b : α) : (a + b) * (a - b) = a * a - b * b := by ring
theorem ring17 (a : ℤ) (n : ℕ) : a ^ (2 * n) = (a ^ n) ^ 2 := by ring
theorem ringnf1 (a b : ℤ) (h : a * b = 3) : b * a = 3 := by ring_nf at h ⊢; exact h
theorem ringnf2 (a b : ℕ) : a + b = b + a := by ring_nf
theorem ringnf3 (x y : ℤ) (h : x = y) : (x + 1) ^ 2 = y ^ 2 + 2 * y + 1 := by subst h; ring_nf
theorem lincomb1 (x y : ℚ) (h₁ : x + y = 3) (h₂ : x - y = 1) : x = 2 := by linear_combination (h₁ + h₂) / 2
theorem lincomb2 (a b : ℤ) (h : a = b) : a ^ 2 = b ^ 2 := by linear_combination (a + b) * h
theorem lincomb3 (a b c : ℚ) (h₁ : a = 2 * b) (h₂ : b = 3 * c) : a = 6 * c := by linear_combination h₁ + 2 * h₂
theorem lincomb4 (x : ℚ) (h : x ^ 2 = 2) : x ^ 4 = 4 := by linear_combination (x ^ 2 + 2) * h
theorem field01 (a b : ℚ) (h : b ≠ 0) (h' : a / b = 2) : a = 2 * b := by field_simp at h'; linarith
theorem field02 (a : ℚ) (h : a ≠ 0) : a / a = 1 := by field_simp
theorem field03 (a b : ℚ) (ha : a ≠ 0) (hb : b ≠ 0) : 1 / a + 1 / b = (b + a) / (a * b) := by field_simp
theorem field04 (x : ℚ) (h : x ≠ 0) : x * (1 / x) = 1 := by field_simp
theorem field05 (a b c : ℚ) (hc : c ≠ 0) : a / c + b / c = (a + b) / c := by rw [← add_div]
theorem field06 (x y : ℚ) (hy : 0 < y) (h : x / y = 3) : x = 3 * y := by
  rw [div_eq_iff (ne_of_gt hy)] at h
  exact h
theorem cited01 (a b c : ℤ) : a * b * c = a * (b * c) := mul_assoc a b c
theorem cited02 (a b c : ℚ) : a * (b + c) = a * b + a * c := mul_add a b c
theorem cited03 (a : ℤ) : a ^ 2 = a * a := sq a
theorem cited04 (a b : ℤ) (n : ℕ) : (a * b) ^ n = a ^ n * b ^ n := mul_pow a b n
theorem cited05 (a : ℚ) (m n : ℕ) : a ^ (m + n) = a ^ m * a ^ n := pow_add a m n
theorem cited06 (a b : ℤ) (h : a - b = 0) : a = b := sub_eq_zero.1 h
theorem cited07 (a b c : ℕ) : a + b + c = a + c + b := by rw [add_right_comm]
theorem cited08 (a b : ℤ) : a * b = b * a := by rw [mul_comm]
theorem cited09 (a b c : ℤ) (h : a + b = a + c) : b = c := add_left_cancel h
theorem cited10 (a : ℚ) (h : a ≠ 0) : a * a⁻¹ = 1 := mul_inv_cancel₀ h
theorem cited11 (a b : ℤ) : a ^ 2 - b ^ 2 = (a + b) * (a - b) := sq_sub_sq a b
theorem cited12 (a b : ℤ) : -(a - b) = b - a := neg_sub a b
