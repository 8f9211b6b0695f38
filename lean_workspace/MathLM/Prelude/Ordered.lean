import MathLM.Prelude.Modular

/-! Ordered (semi)rings: lemmas under Mathlib's names, for ℕ, ℤ and ℚ at once. -/

section
variable {α : Type u} [Lean.Grind.CommRing α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

theorem sub_nonneg : 0 ≤ a - b ↔ b ≤ a := by grind
theorem sub_pos : 0 < a - b ↔ b < a := by grind
theorem sub_nonpos : a - b ≤ 0 ↔ a ≤ b := by grind
theorem sub_neg : a - b < 0 ↔ a < b := by grind
theorem neg_nonneg : 0 ≤ -a ↔ a ≤ 0 := by grind
theorem neg_pos : 0 < -a ↔ a < 0 := by grind
theorem neg_le_neg (h : a ≤ b) : -b ≤ -a := by grind
theorem neg_lt_neg (h : a < b) : -b < -a := by grind
theorem sub_le_sub (h : a ≤ b) (h' : c ≤ d) : a - d ≤ b - c := by grind
theorem sub_le_sub_left (h : a ≤ b) (c : α) : c - b ≤ c - a := by grind
theorem sub_le_sub_right (h : a ≤ b) (c : α) : a - c ≤ b - c := by grind
theorem le_sub_iff_add_le : a ≤ c - b ↔ a + b ≤ c := by grind
theorem sub_le_iff_le_add : a - c ≤ b ↔ a ≤ b + c := by grind
theorem lt_sub_iff_add_lt : a < c - b ↔ a + b < c := by grind
theorem sub_lt_iff_lt_add : a - c < b ↔ a < b + c := by grind

theorem mul_nonneg_of_ring (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a * b := by
  rcases eq_or_lt_of_le ha with rfl | ha
  · rw [zero_mul]
  rcases eq_or_lt_of_le hb with rfl | hb
  · rw [mul_zero]
  have := Lean.Grind.OrderedRing.mul_lt_mul_of_pos_left hb ha
  rw [mul_zero] at this; exact le_of_lt this

theorem mul_self_nonneg (a : α) : 0 ≤ a * a := by
  rcases le_total 0 a with h | h
  · exact mul_nonneg_of_ring h h
  · have := mul_nonneg_of_ring (neg_nonneg.2 h) (neg_nonneg.2 h)
    rwa [neg_mul_neg] at this

theorem sq_nonneg (a : α) : 0 ≤ a ^ 2 := by rw [pow_two]; exact mul_self_nonneg a
theorem pow_two_nonneg (a : α) : 0 ≤ a ^ 2 := sq_nonneg a
theorem mul_nonneg_of_nonpos_of_nonpos (ha : a ≤ 0) (hb : b ≤ 0) : 0 ≤ a * b := by
  have := mul_nonneg_of_ring (neg_nonneg.2 ha) (neg_nonneg.2 hb)
  rwa [neg_mul_neg] at this
theorem two_mul_le_add_sq (a b : α) : 2 * a * b ≤ a ^ 2 + b ^ 2 := by
  have := sq_nonneg (a - b)
  grind

end

section
variable {α : Type u} [Lean.Grind.CommSemiring α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

theorem add_le_add_right (h : a ≤ b) (c : α) : a + c ≤ b + c := (Lean.Grind.OrderedAdd.add_le_left_iff c).1 h
theorem add_le_add_left (h : a ≤ b) (c : α) : c + a ≤ c + b := by
  rw [add_comm c, add_comm c]; exact add_le_add_right h c
theorem add_le_add (h : a ≤ b) (h' : c ≤ d) : a + c ≤ b + d :=
  le_trans (add_le_add_right h c) (add_le_add_left h' b)
theorem add_lt_add_right (h : a < b) (c : α) : a + c < b + c :=
  not_le.1 fun k => not_le.2 h ((Lean.Grind.OrderedAdd.add_le_left_iff c).2 k)
theorem add_lt_add_left (h : a < b) (c : α) : c + a < c + b := by
  rw [add_comm c, add_comm c]; exact add_lt_add_right h c
theorem add_lt_add (h : a < b) (h' : c < d) : a + c < b + d := lt_trans (add_lt_add_right h c) (add_lt_add_left h' b)
theorem add_lt_add_of_lt_of_le (h : a < b) (h' : c ≤ d) : a + c < b + d :=
  lt_of_lt_of_le (add_lt_add_right h c) (add_le_add_left h' b)
theorem add_lt_add_of_le_of_lt (h : a ≤ b) (h' : c < d) : a + c < b + d :=
  lt_of_le_of_lt (add_le_add_right h c) (add_lt_add_left h' b)
theorem add_nonneg (h : 0 ≤ a) (h' : 0 ≤ b) : 0 ≤ a + b := by have := add_le_add h h'; rwa [add_zero] at this
theorem add_pos (h : 0 < a) (h' : 0 < b) : 0 < a + b := by have := add_lt_add h h'; rwa [add_zero] at this
theorem add_pos_of_pos_of_nonneg (h : 0 < a) (h' : 0 ≤ b) : 0 < a + b := by
  have := add_lt_add_of_lt_of_le h h'; rwa [add_zero] at this
theorem add_pos_of_nonneg_of_pos (h : 0 ≤ a) (h' : 0 < b) : 0 < a + b := by
  have := add_lt_add_of_le_of_lt h h'; rwa [add_zero] at this
theorem zero_lt_one : (0 : α) < 1 := Lean.Grind.OrderedRing.zero_lt_one
theorem one_pos : (0 : α) < 1 := zero_lt_one
theorem zero_le_one : (0 : α) ≤ 1 := le_of_lt zero_lt_one

theorem mul_lt_mul_of_pos_left (h : b < c) (ha : 0 < a) : a * b < a * c :=
  Lean.Grind.OrderedRing.mul_lt_mul_of_pos_left h ha
theorem mul_lt_mul_of_pos_right (h : b < c) (ha : 0 < a) : b * a < c * a :=
  Lean.Grind.OrderedRing.mul_lt_mul_of_pos_right h ha
theorem mul_pos (ha : 0 < a) (hb : 0 < b) : 0 < a * b := by
  have := mul_lt_mul_of_pos_left hb ha; rwa [mul_zero] at this
theorem mul_le_mul_of_nonneg_left (h : b ≤ c) (ha : 0 ≤ a) : a * b ≤ a * c := by
  rcases eq_or_lt_of_le h with rfl | h
  · exact le_rfl
  rcases eq_or_lt_of_le ha with rfl | ha
  · rw [zero_mul, zero_mul]
  exact le_of_lt (mul_lt_mul_of_pos_left h ha)
theorem mul_le_mul_of_nonneg_right (h : b ≤ c) (ha : 0 ≤ a) : b * a ≤ c * a := by
  rw [mul_comm b, mul_comm c]; exact mul_le_mul_of_nonneg_left h ha
theorem mul_nonneg (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a * b := by
  have := mul_le_mul_of_nonneg_left hb ha; rwa [mul_zero] at this
theorem mul_le_mul (h : a ≤ b) (h' : c ≤ d) (hc : 0 ≤ c) (hb : 0 ≤ b) : a * c ≤ b * d :=
  le_trans (mul_le_mul_of_nonneg_right h hc) (mul_le_mul_of_nonneg_left h' hb)
theorem mul_self_le_mul_self (h : 0 ≤ a) (h' : a ≤ b) : a * a ≤ b * b := mul_le_mul h' h' h (le_trans h h')
theorem mul_ne_zero_of_pos (ha : 0 < a) (hb : 0 < b) : a * b ≠ 0 := ne_of_gt (mul_pos ha hb)

theorem pow_pos (h : 0 < a) (n : ℕ) : 0 < a ^ n := by
  induction n with
  | zero => rw [pow_zero]; exact zero_lt_one
  | succ n ih => rw [pow_succ]; exact mul_pos ih h
theorem pow_nonneg (h : 0 ≤ a) (n : ℕ) : 0 ≤ a ^ n := by
  induction n with
  | zero => rw [pow_zero]; exact zero_le_one
  | succ n ih => rw [pow_succ]; exact mul_nonneg ih h
theorem pow_le_pow_left₀ (h : 0 ≤ a) (h' : a ≤ b) (n : ℕ) : a ^ n ≤ b ^ n := by
  induction n with
  | zero => rw [pow_zero, pow_zero]
  | succ n ih => rw [pow_succ, pow_succ]; exact mul_le_mul ih h' h (pow_nonneg (le_trans h h') n)
theorem one_le_pow₀ (h : 1 ≤ a) (n : ℕ) : 1 ≤ a ^ n := by
  have := pow_le_pow_left₀ zero_le_one h n; rwa [one_pow] at this

end

/-! What `nlinarith` multiplies: two comparisons give one between sums of products, without subtraction. -/

section
variable {α : Type u} [Lean.Grind.CommRing α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

theorem nlinarith_le_le (h : a ≤ b) (h' : c ≤ d) : a * d + b * c ≤ a * c + b * d := by
  have := mul_nonneg (sub_nonneg.2 h) (sub_nonneg.2 h')
  grind
theorem nlinarith_lt_lt (h : a < b) (h' : c < d) : a * d + b * c < a * c + b * d := by
  have := mul_pos (sub_pos.2 h) (sub_pos.2 h')
  grind
theorem nlinarith_le_lt (h : a ≤ b) (h' : c < d) : a * d + b * c ≤ a * c + b * d := nlinarith_le_le h (le_of_lt h')
theorem nlinarith_lt_le (h : a < b) (h' : c ≤ d) : a * d + b * c ≤ a * c + b * d := nlinarith_le_le (le_of_lt h) h'

end

theorem nlinarith_nat_le_le {a b c d : ℕ} (h : a ≤ b) (h' : c ≤ d) : a * d + b * c ≤ a * c + b * d := by
  obtain ⟨x, rfl⟩ := Nat.exists_eq_add_of_le h
  obtain ⟨y, rfl⟩ := Nat.exists_eq_add_of_le h'
  have : (a + x) * (c + y) = a * c + a * y + x * c + x * y := by grind
  have : (a + x) * c + a * (c + y) = a * c + x * c + a * c + a * y := by grind
  omega
theorem nlinarith_nat_lt_lt {a b c d : ℕ} (h : a < b) (h' : c < d) : a * d + b * c < a * c + b * d := by
  obtain ⟨x, rfl⟩ := Nat.exists_eq_add_of_lt h
  obtain ⟨y, rfl⟩ := Nat.exists_eq_add_of_lt h'
  have : (a + x + 1) * (c + y + 1) = a * c + a * y + a + x * c + x * y + x + c + y + 1 := by grind
  have : (a + x + 1) * c + a * (c + y + 1) = a * c + x * c + c + a * c + a * y + a := by grind
  omega
theorem nlinarith_nat_le_lt {a b c d : ℕ} (h : a ≤ b) (h' : c < d) : a * d + b * c ≤ a * c + b * d :=
  nlinarith_nat_le_le h (Nat.le_of_lt h')
theorem nlinarith_nat_lt_le {a b c d : ℕ} (h : a < b) (h' : c ≤ d) : a * d + b * c ≤ a * c + b * d :=
  nlinarith_nat_le_le (Nat.le_of_lt h) h'

theorem nlinarith_square {α : Type u} [Lean.Grind.CommSemiring α] {a b : α} (h : a = b) : a * a = b * b := by rw [h]
