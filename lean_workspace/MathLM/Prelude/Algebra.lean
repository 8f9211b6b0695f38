import MathLM.Prelude.Order

/-! Algebra under Mathlib's names, on core's classes of (semi)rings and fields: ℕ, ℤ, ℚ and `ZMod n` are
instances, and the automation on rings (`grind`, hence `ring`) knows them. -/

export Lean.Grind (Semiring CommSemiring Ring CommRing Field)

section
variable {α : Type u} [Lean.Grind.Semiring α] (a b c : α)

theorem add_comm : a + b = b + a := Lean.Grind.Semiring.add_comm a b
theorem add_assoc : a + b + c = a + (b + c) := Lean.Grind.Semiring.add_assoc a b c
theorem add_zero : a + 0 = a := Lean.Grind.Semiring.add_zero a
theorem zero_add : 0 + a = a := by rw [add_comm, add_zero]
theorem add_left_comm : a + (b + c) = b + (a + c) := by rw [← add_assoc, add_comm a, add_assoc]
theorem add_right_comm : a + b + c = a + c + b := by rw [add_assoc, add_comm b, add_assoc]
theorem mul_assoc : a * b * c = a * (b * c) := Lean.Grind.Semiring.mul_assoc a b c
theorem mul_one : a * 1 = a := Lean.Grind.Semiring.mul_one a
theorem one_mul : 1 * a = a := Lean.Grind.Semiring.one_mul a
theorem mul_zero : a * 0 = 0 := Lean.Grind.Semiring.mul_zero a
theorem zero_mul : 0 * a = 0 := Lean.Grind.Semiring.zero_mul a
theorem mul_add : a * (b + c) = a * b + a * c := Lean.Grind.Semiring.left_distrib a b c
theorem add_mul : (a + b) * c = a * c + b * c := Lean.Grind.Semiring.right_distrib a b c
theorem left_distrib : a * (b + c) = a * b + a * c := mul_add a b c
theorem right_distrib : (a + b) * c = a * c + b * c := add_mul a b c
theorem pow_zero : a ^ 0 = 1 := Lean.Grind.Semiring.pow_zero a
theorem pow_succ (n : ℕ) : a ^ (n + 1) = a ^ n * a := Lean.Grind.Semiring.pow_succ a n
theorem pow_one : a ^ 1 = a := by rw [pow_succ a 0, pow_zero, one_mul]
theorem pow_two : a ^ 2 = a * a := by rw [pow_succ a 1, pow_one]
theorem sq : a ^ 2 = a * a := pow_two a
theorem pow_three : a ^ 3 = a * (a * a) := by rw [pow_succ a 2, pow_two, mul_assoc]
theorem pow_three' : a ^ 3 = a * a * a := by rw [pow_succ a 2, pow_two]
theorem two_mul : 2 * a = a + a := by
  have h : (2 : α) = 1 + 1 := by
    have := Lean.Grind.Semiring.ofNat_succ (α := α) 1
    exact this
  rw [h, add_mul, one_mul]
theorem mul_two : a * 2 = a + a := by
  have h : (2 : α) = 1 + 1 := by
    have := Lean.Grind.Semiring.ofNat_succ (α := α) 1
    exact this
  rw [h, mul_add, mul_one]

theorem pow_add (m n : ℕ) : a ^ (m + n) = a ^ m * a ^ n := by
  induction n with
  | zero => rw [Nat.add_zero, pow_zero, mul_one]
  | succ n ih => rw [← Nat.add_assoc, pow_succ, ih, pow_succ, mul_assoc]

theorem pow_succ' (n : ℕ) : a ^ (n + 1) = a * a ^ n := by
  rw [Nat.add_comm, pow_add, pow_one]

theorem pow_mul (m n : ℕ) : a ^ (m * n) = (a ^ m) ^ n := by
  induction n with
  | zero => rw [Nat.mul_zero, pow_zero, pow_zero]
  | succ n ih => rw [Nat.mul_succ, pow_add, ih, pow_succ]

theorem pow_mul' (m n : ℕ) : a ^ (m * n) = (a ^ n) ^ m := by rw [Nat.mul_comm, pow_mul]

theorem one_pow (n : ℕ) : (1 : α) ^ n = 1 := by
  induction n with
  | zero => exact pow_zero 1
  | succ n ih => rw [pow_succ, ih, one_mul]

theorem zero_pow {n : ℕ} (h : n ≠ 0) : (0 : α) ^ n = 0 := by
  cases n with
  | zero => exact absurd rfl h
  | succ n => rw [pow_succ, mul_zero]

theorem pow_right_comm (m n : ℕ) : (a ^ m) ^ n = (a ^ n) ^ m := by rw [← pow_mul, pow_mul']

end

section
variable {α : Type u} [Lean.Grind.CommSemiring α] (a b c d : α)

theorem mul_comm : a * b = b * a := Lean.Grind.CommSemiring.mul_comm a b
theorem mul_left_comm : a * (b * c) = b * (a * c) := by rw [← mul_assoc, mul_comm a, mul_assoc]
theorem mul_right_comm : a * b * c = a * c * b := by rw [mul_assoc, mul_comm b, mul_assoc]
theorem mul_mul_mul_comm : a * b * (c * d) = a * c * (b * d) := by grind
theorem add_sq : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by grind
theorem add_pow_two : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by grind

theorem mul_pow (n : ℕ) : (a * b) ^ n = a ^ n * b ^ n := by
  induction n with
  | zero => rw [pow_zero, pow_zero, pow_zero, one_mul]
  | succ n ih => rw [pow_succ, ih, pow_succ, pow_succ, mul_mul_mul_comm]

end

section
variable {α : Type u} [Lean.Grind.Ring α] (a b c : α)

theorem neg_add_cancel : -a + a = 0 := Lean.Grind.Ring.neg_add_cancel a
theorem add_neg_cancel : a + -a = 0 := by rw [add_comm, neg_add_cancel]
theorem sub_eq_add_neg : a - b = a + -b := Lean.Grind.Ring.sub_eq_add_neg a b
theorem sub_self : a - a = 0 := by rw [sub_eq_add_neg, add_neg_cancel]

end

section
variable {α : Type u} [Lean.Grind.CommRing α] (a b c d : α)

theorem neg_neg : - -a = a := by grind
theorem neg_mul : -a * b = -(a * b) := by grind
theorem mul_neg : a * -b = -(a * b) := by grind
theorem neg_mul_neg : -a * -b = a * b := by grind
theorem neg_add : -(a + b) = -a + -b := by grind
theorem neg_sub : -(a - b) = b - a := by grind
theorem sub_zero : a - 0 = a := by grind
theorem zero_sub : 0 - a = -a := by grind
theorem neg_zero : -(0 : α) = 0 := by grind
theorem sub_add_cancel : a - b + b = a := by grind
theorem add_sub_cancel_right : a + b - b = a := by grind
theorem add_sub_cancel_left : a + b - a = b := by grind
theorem add_sub_cancel : a + (b - a) = b := by grind
theorem sub_sub : a - b - c = a - (b + c) := by grind
theorem sub_sub_cancel : a - (a - b) = b := by grind
theorem add_sub_assoc : a + b - c = a + (b - c) := by grind
theorem sub_add : a - b + c = a - (b - c) := by grind
theorem mul_sub : a * (b - c) = a * b - a * c := by grind
theorem sub_mul : (a - b) * c = a * c - b * c := by grind
theorem mul_sub_one : a * (b - 1) = a * b - a := by grind
theorem sub_one_mul : (a - 1) * b = a * b - b := by grind
theorem sub_sq : (a - b) ^ 2 = a ^ 2 - 2 * a * b + b ^ 2 := by grind
theorem sub_pow_two : (a - b) ^ 2 = a ^ 2 - 2 * a * b + b ^ 2 := by grind
theorem sq_sub_sq : a ^ 2 - b ^ 2 = (a + b) * (a - b) := by grind
theorem neg_sq : (-a) ^ 2 = a ^ 2 := by grind
theorem neg_one_mul : -1 * a = -a := by grind
variable {a b c d}
theorem sub_eq_zero : a - b = 0 ↔ a = b := by grind
theorem sub_eq_zero_of_eq (h : a = b) : a - b = 0 := by grind
theorem eq_of_sub_eq_zero (h : a - b = 0) : a = b := by grind
theorem sub_eq_iff_eq_add : a - b = c ↔ a = c + b := by grind
theorem sub_eq_iff_eq_add' : a - b = c ↔ a = b + c := by grind
theorem eq_sub_iff_add_eq : a = c - b ↔ a + b = c := by grind
theorem eq_sub_of_add_eq (h : a + c = b) : a = b - c := by grind
theorem sub_eq_of_eq_add (h : a = c + b) : a - b = c := by grind
theorem eq_neg_iff_add_eq_zero : a = -b ↔ a + b = 0 := by grind
theorem neg_eq_iff_eq_neg : -a = b ↔ a = -b := by grind
theorem neg_inj : -a = -b ↔ a = b := by grind
theorem add_left_inj (a : α) {b c : α} : b + a = c + a ↔ b = c := by grind
theorem add_right_inj (a : α) {b c : α} : a + b = a + c ↔ b = c := by grind
theorem add_left_cancel (h : a + b = a + c) : b = c := by grind
theorem add_right_cancel (h : a + b = c + b) : a = c := by grind

end

/-! ### Fields (ℚ) -/

section
variable {α : Type u} [Lean.Grind.Field α] {a b c d : α}

theorem div_eq_mul_inv (a b : α) : a / b = a * b⁻¹ := Lean.Grind.Field.div_eq_mul_inv a b
theorem mul_inv_cancel₀ (h : a ≠ 0) : a * a⁻¹ = 1 := Lean.Grind.Field.mul_inv_cancel h
theorem inv_mul_cancel₀ (h : a ≠ 0) : a⁻¹ * a = 1 := by rw [mul_comm, mul_inv_cancel₀ h]
theorem inv_zero : (0 : α)⁻¹ = 0 := Lean.Grind.Field.inv_zero
theorem div_zero (a : α) : a / 0 = 0 := by rw [div_eq_mul_inv, inv_zero, mul_zero]
theorem zero_div (a : α) : 0 / a = 0 := by rw [div_eq_mul_inv, zero_mul]
theorem div_one (a : α) : a / 1 = a := by grind
theorem div_self (h : a ≠ 0) : a / a = 1 := by rw [div_eq_mul_inv, mul_inv_cancel₀ h]
theorem one_div (a : α) : 1 / a = a⁻¹ := by rw [div_eq_mul_inv, one_mul]
theorem div_mul_cancel₀ (a : α) (h : b ≠ 0) : a / b * b = a := by grind
theorem mul_div_assoc (a b c : α) : a * b / c = a * (b / c) := by grind
theorem mul_div_right_comm (a b c : α) : a * b / c = a / c * b := by grind
theorem div_mul_eq_mul_div (a b c : α) : a / b * c = a * c / b := by grind
theorem add_div (a b c : α) : (a + b) / c = a / c + b / c := by grind
theorem sub_div (a b c : α) : (a - b) / c = a / c - b / c := by grind
theorem neg_div (a b : α) : -b / a = -(b / a) := by grind
theorem mul_div_cancel_right₀ (a : α) (h : b ≠ 0) : a * b / b = a := by grind
theorem mul_div_cancel_left₀ (b : α) (h : a ≠ 0) : a * b / a = b := by grind
theorem div_eq_iff (h : b ≠ 0) : a / b = c ↔ a = c * b := by grind
theorem eq_div_iff (h : c ≠ 0) : a = b / c ↔ a * c = b := by grind
theorem div_eq_div_iff (hb : b ≠ 0) (hd : d ≠ 0) : a / b = c / d ↔ a * d = c * b := by grind
theorem div_add_div (a c : α) (hb : b ≠ 0) (hd : d ≠ 0) : a / b + c / d = (a * d + b * c) / (b * d) := by grind
theorem div_sub_div (a c : α) (hb : b ≠ 0) (hd : d ≠ 0) : a / b - c / d = (a * d - b * c) / (b * d) := by grind
theorem div_mul_div_comm (a b c d : α) : a / b * (c / d) = a * c / (b * d) := by grind
theorem div_div (a b c : α) : a / b / c = a / (b * c) := by grind
theorem inv_inv (a : α) : a⁻¹⁻¹ = a := by grind
theorem inv_ne_zero (h : a ≠ 0) : a⁻¹ ≠ 0 := by grind
theorem div_ne_zero (ha : a ≠ 0) (hb : b ≠ 0) : a / b ≠ 0 := by grind
theorem mul_eq_zero_field : a * b = 0 ↔ a = 0 ∨ b = 0 := by grind

end
