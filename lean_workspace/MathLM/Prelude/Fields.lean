import MathLM.Prelude.Powers

/-! Fields, ordered fields (ℚ), casts. -/

section
variable {α : Type u} [Lean.Grind.Field α] {a b c d : α}

attribute [simp] div_one zero_div div_zero inv_zero inv_inv

theorem mul_inv_cancel (a : α) (h : a ≠ 0) : a * a⁻¹ = 1 := mul_inv_cancel₀ h
theorem inv_mul_cancel (a : α) (h : a ≠ 0) : a⁻¹ * a = 1 := inv_mul_cancel₀ h
theorem inv_mul_cancel_left₀ (h : a ≠ 0) (b : α) : a⁻¹ * (a * b) = b := by grind
theorem mul_inv_cancel_left₀ (h : a ≠ 0) (b : α) : a * (a⁻¹ * b) = b := by grind
theorem mul_inv_cancel_right₀ (h : b ≠ 0) (a : α) : a * b * b⁻¹ = a := by grind
theorem inv_mul_cancel_right₀ (h : b ≠ 0) (a : α) : a * b⁻¹ * b = a := by grind
@[simp] theorem inv_one : (1 : α)⁻¹ = 1 := by grind
theorem inv_eq_one_div (a : α) : a⁻¹ = 1 / a := (one_div a).symm
theorem inv_inj : a⁻¹ = b⁻¹ ↔ a = b := ⟨fun h => by rw [← inv_inv a, h, inv_inv], fun h => by rw [h]⟩
theorem inv_eq_iff_eq_inv : a⁻¹ = b ↔ a = b⁻¹ := by rw [← inv_inj, inv_inv]
theorem mul_inv (a b : α) : (a * b)⁻¹ = a⁻¹ * b⁻¹ := by grind
theorem mul_inv_rev (a b : α) : (a * b)⁻¹ = b⁻¹ * a⁻¹ := by grind
theorem inv_neg : (-a)⁻¹ = -a⁻¹ := by grind
theorem inv_pow (a : α) (n : ℕ) : a⁻¹ ^ n = (a ^ n)⁻¹ := by
  induction n with
  | zero => rw [pow_zero, pow_zero, inv_one]
  | succ n ih => rw [pow_succ, pow_succ, ih, mul_inv]
theorem div_pow (a b : α) (n : ℕ) : (a / b) ^ n = a ^ n / b ^ n := by
  rw [div_eq_mul_inv, div_eq_mul_inv, mul_pow, inv_pow]
theorem one_div_pow (a : α) (n : ℕ) : (1 / a) ^ n = 1 / a ^ n := by rw [div_pow, one_pow]
theorem one_div_one_div (a : α) : 1 / (1 / a) = a := by rw [one_div, one_div, inv_inv]
theorem inv_div (a b : α) : (a / b)⁻¹ = b / a := by grind
theorem one_div_div (a b : α) : 1 / (a / b) = b / a := by rw [one_div, inv_div]
theorem div_inv_eq_mul (a b : α) : a / b⁻¹ = a * b := by grind
theorem inv_mul_eq_div (a b : α) : a⁻¹ * b = b / a := by grind
theorem div_eq_zero_iff : a / b = 0 ↔ a = 0 ∨ b = 0 := by grind
theorem div_ne_zero_iff : a / b ≠ 0 ↔ a ≠ 0 ∧ b ≠ 0 := by grind
theorem inv_eq_zero : a⁻¹ = 0 ↔ a = 0 := by grind
theorem inv_ne_zero_iff : a⁻¹ ≠ 0 ↔ a ≠ 0 := by grind
theorem div_eq_one_iff_eq (h : b ≠ 0) : a / b = 1 ↔ a = b := by grind
theorem div_eq_one (h : b ≠ 0) : a / b = 1 ↔ a = b := by grind
theorem div_add_div_same (a b c : α) : a / c + b / c = (a + b) / c := by grind
theorem div_sub_div_same (a b c : α) : a / c - b / c = (a - b) / c := by grind
theorem div_add_same (h : b ≠ 0) : (a + b) / b = a / b + 1 := by grind
theorem div_sub_same (h : b ≠ 0) : (a - b) / b = a / b - 1 := by grind
theorem one_sub_div (h : b ≠ 0) : 1 - a / b = (b - a) / b := by grind
theorem one_add_div (h : b ≠ 0) : 1 + a / b = (b + a) / b := by grind
theorem div_eq_mul_one_div (a b : α) : a / b = a * (1 / b) := by grind
theorem mul_one_div (a b : α) : a * (1 / b) = a / b := by grind
theorem one_div_mul_eq_div (a b : α) : 1 / a * b = b / a := by grind
theorem div_mul_cancel (a : α) (h : b ≠ 0) : a / b * b = a := div_mul_cancel₀ a h
theorem mul_div_cancel_right (a : α) (h : b ≠ 0) : a * b / b = a := mul_div_cancel_right₀ a h
theorem mul_div_cancel_left (b : α) (h : a ≠ 0) : a * b / a = b := mul_div_cancel_left₀ b h
theorem mul_div_cancel₀ (a : α) (h : b ≠ 0) : a * b / b = a := mul_div_cancel_right₀ a h
theorem mul_div_cancel' (a : α) (h : b ≠ 0) : b * (a / b) = a := by grind
theorem mul_div_cancel (a : α) (h : b ≠ 0) : a * b / b = a := mul_div_cancel_right₀ a h
theorem mul_div_mul_left (a b : α) (h : c ≠ 0) : c * a / (c * b) = a / b := by grind
theorem mul_div_mul_right (a b : α) (h : c ≠ 0) : a * c / (b * c) = a / b := by grind
theorem div_div_eq_mul_div (a b c : α) : a / (b / c) = a * c / b := by grind
theorem div_div_div_cancel_right₀ (h : c ≠ 0) (a b : α) : a / c / (b / c) = a / b := by grind
theorem div_div_div_eq (a b c d : α) : a / b / (c / d) = a * d / (b * c) := by grind
theorem div_right_comm (a b c : α) : a / b / c = a / c / b := by grind
theorem div_left_inj' (h : c ≠ 0) : a / c = b / c ↔ a = b := by grind
theorem mul_comm_div (a b c : α) : a / b * c = a * (c / b) := by grind
theorem div_mul_eq_mul_div₀ (a b c : α) : a / c * b = a * b / c := by grind
theorem mul_div (a b c : α) : a * (b / c) = a * b / c := by grind
theorem div_neg (a : α) : a / -b = -(a / b) := by grind
theorem neg_div_neg_eq (a b : α) : -a / -b = a / b := by grind
theorem neg_div' (a b : α) : -(b / a) = -b / a := by grind
theorem eq_div_of_mul_eq (h : c ≠ 0) (e : a * c = b) : a = b / c := (eq_div_iff h).2 e
theorem div_eq_of_eq_mul (h : b ≠ 0) (e : a = c * b) : a / b = c := (div_eq_iff h).2 e
theorem mul_eq_of_eq_div (h : c ≠ 0) (e : a = b / c) : a * c = b := (eq_div_iff h).1 e
theorem eq_mul_of_div_eq (h : b ≠ 0) (e : a / b = c) : a = c * b := (div_eq_iff h).1 e
theorem div_eq_iff_mul_eq (h : b ≠ 0) : a / b = c ↔ c * b = a := by grind
theorem eq_div_iff_mul_eq (h : c ≠ 0) : a = b / c ↔ a * c = b := eq_div_iff h
theorem eq_inv_of_mul_eq_one_left (h : a * b = 1) : a = b⁻¹ := by grind
theorem eq_inv_of_mul_eq_one_right (h : a * b = 1) : b = a⁻¹ := by grind
theorem mul_eq_one_iff_eq_inv₀ (h : b ≠ 0) : a * b = 1 ↔ a = b⁻¹ := by grind

end

section
variable {α : Type u} [Lean.Grind.Field α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

@[simp] theorem inv_pos : 0 < a⁻¹ ↔ 0 < a := by
  have key : ∀ x : α, 0 < x → 0 < x⁻¹ := fun x h => not_le.1 fun k => by
    have := mul_nonpos_of_nonneg_of_nonpos (le_of_lt h) k
    rw [mul_inv_cancel₀ (ne_of_gt h)] at this
    exact not_le.2 zero_lt_one this
  exact ⟨fun h => by have := key _ h; rwa [inv_inv] at this, key a⟩
@[simp] theorem inv_nonneg : 0 ≤ a⁻¹ ↔ 0 ≤ a := by
  rw [le_iff_lt_or_eq, inv_pos, le_iff_lt_or_eq, eq_comm, inv_eq_zero, eq_comm]
theorem inv_lt_zero : a⁻¹ < 0 ↔ a < 0 := by rw [← not_le, inv_nonneg, not_le]
theorem inv_nonpos : a⁻¹ ≤ 0 ↔ a ≤ 0 := by rw [← not_lt, inv_pos, not_lt]
theorem inv_pos_of_pos (h : 0 < a) : 0 < a⁻¹ := inv_pos.2 h
theorem div_pos (ha : 0 < a) (hb : 0 < b) : 0 < a / b := by rw [div_eq_mul_inv]; exact mul_pos ha (inv_pos.2 hb)
theorem div_nonneg (ha : 0 ≤ a) (hb : 0 ≤ b) : 0 ≤ a / b := by rw [div_eq_mul_inv]; exact mul_nonneg ha (inv_nonneg.2 hb)
theorem div_nonpos_of_nonpos_of_nonneg (ha : a ≤ 0) (hb : 0 ≤ b) : a / b ≤ 0 := by
  rw [div_eq_mul_inv]; exact mul_nonpos_of_nonpos_of_nonneg ha (inv_nonneg.2 hb)
theorem div_neg_of_neg_of_pos (ha : a < 0) (hb : 0 < b) : a / b < 0 := by
  rw [div_eq_mul_inv]; exact mul_neg_of_neg_of_pos ha (inv_pos.2 hb)
theorem div_neg_of_pos_of_neg (ha : 0 < a) (hb : b < 0) : a / b < 0 := by
  rw [div_eq_mul_inv]; exact mul_neg_of_pos_of_neg ha (inv_lt_zero.2 hb)
theorem div_pos_of_neg_of_neg (ha : a < 0) (hb : b < 0) : 0 < a / b := by
  rw [div_eq_mul_inv]; exact mul_pos_of_neg_of_neg ha (inv_lt_zero.2 hb)
theorem le_div_iff₀ (hc : 0 < c) : a ≤ b / c ↔ a * c ≤ b := by
  rw [← mul_le_mul_right (b := a) hc, div_mul_cancel₀ b (ne_of_gt hc)]
theorem div_le_iff₀ (hc : 0 < c) : b / c ≤ a ↔ b ≤ a * c := by
  rw [← mul_le_mul_right (c := a) hc, div_mul_cancel₀ b (ne_of_gt hc)]
theorem lt_div_iff₀ (hc : 0 < c) : a < b / c ↔ a * c < b := by rw [← not_le, div_le_iff₀ hc, not_le]
theorem div_lt_iff₀ (hc : 0 < c) : b / c < a ↔ b < a * c := by rw [← not_le, le_div_iff₀ hc, not_le]
theorem le_div_iff (hc : 0 < c) : a ≤ b / c ↔ a * c ≤ b := le_div_iff₀ hc
theorem div_le_iff (hc : 0 < c) : b / c ≤ a ↔ b ≤ a * c := div_le_iff₀ hc
theorem lt_div_iff (hc : 0 < c) : a < b / c ↔ a * c < b := lt_div_iff₀ hc
theorem div_lt_iff (hc : 0 < c) : b / c < a ↔ b < a * c := div_lt_iff₀ hc
theorem le_div_iff₀' (hc : 0 < c) : a ≤ b / c ↔ c * a ≤ b := by rw [mul_comm, le_div_iff₀ hc]
theorem div_le_iff₀' (hc : 0 < c) : b / c ≤ a ↔ b ≤ c * a := by rw [mul_comm, div_le_iff₀ hc]
theorem lt_div_iff₀' (hc : 0 < c) : a < b / c ↔ c * a < b := by rw [mul_comm, lt_div_iff₀ hc]
theorem div_lt_iff₀' (hc : 0 < c) : b / c < a ↔ b < c * a := by rw [mul_comm, div_lt_iff₀ hc]
theorem le_div_iff' (hc : 0 < c) : a ≤ b / c ↔ c * a ≤ b := le_div_iff₀' hc
theorem div_le_iff' (hc : 0 < c) : b / c ≤ a ↔ b ≤ c * a := div_le_iff₀' hc
theorem lt_div_iff' (hc : 0 < c) : a < b / c ↔ c * a < b := lt_div_iff₀' hc
theorem div_lt_iff' (hc : 0 < c) : b / c < a ↔ b < c * a := div_lt_iff₀' hc
theorem div_le_one (hb : 0 < b) : a / b ≤ 1 ↔ a ≤ b := by rw [div_le_iff₀ hb, one_mul]
theorem div_lt_one (hb : 0 < b) : a / b < 1 ↔ a < b := by rw [div_lt_iff₀ hb, one_mul]
theorem one_le_div (hb : 0 < b) : 1 ≤ a / b ↔ b ≤ a := by rw [le_div_iff₀ hb, one_mul]
theorem one_lt_div (hb : 0 < b) : 1 < a / b ↔ b < a := by rw [lt_div_iff₀ hb, one_mul]
theorem div_le_one_of_le₀ (h : a ≤ b) (hb : 0 ≤ b) : a / b ≤ 1 := by
  rcases eq_or_lt_of_le hb with e | l
  · rw [← e, div_zero]; exact zero_le_one
  · exact (div_le_one l).2 h
theorem div_le_div_iff_of_pos (hb : 0 < b) (hd : 0 < d) : a / b ≤ c / d ↔ a * d ≤ c * b := by
  rw [div_le_iff₀ hb, div_mul_eq_mul_div, le_div_iff₀ hd]
theorem div_le_div_iff (hb : 0 < b) (hd : 0 < d) : a / b ≤ c / d ↔ a * d ≤ c * b := div_le_div_iff_of_pos hb hd
theorem div_lt_div_iff (hb : 0 < b) (hd : 0 < d) : a / b < c / d ↔ a * d < c * b := by
  rw [← not_le, div_le_div_iff_of_pos hd hb, not_le]
theorem div_lt_div_iff_of_pos (hb : 0 < b) (hd : 0 < d) : a / b < c / d ↔ a * d < c * b := div_lt_div_iff hb hd
theorem div_le_div_of_nonneg_right (h : a ≤ b) (hc : 0 ≤ c) : a / c ≤ b / c := by
  rw [div_eq_mul_inv, div_eq_mul_inv]; exact mul_le_mul_of_nonneg_right h (inv_nonneg.2 hc)
theorem div_le_div_of_nonneg_left (ha : 0 ≤ a) (hc : 0 < c) (h : c ≤ b) : a / b ≤ a / c := by
  rw [div_le_div_iff (lt_of_lt_of_le hc h) hc]; exact mul_le_mul_of_nonneg_left h ha
theorem div_le_div₀ (hc : 0 ≤ c) (hac : a ≤ c) (hd : 0 < d) (hdb : d ≤ b) : a / b ≤ c / d :=
  le_trans (div_le_div_of_nonneg_right hac (le_trans (le_of_lt hd) hdb)) (div_le_div_of_nonneg_left hc hd hdb)
theorem div_le_div (hc : 0 ≤ c) (hac : a ≤ c) (hd : 0 < d) (hdb : d ≤ b) : a / b ≤ c / d := div_le_div₀ hc hac hd hdb
theorem div_lt_div_of_pos_right (h : a < b) (hc : 0 < c) : a / c < b / c := by
  rw [div_eq_mul_inv, div_eq_mul_inv]; exact mul_lt_mul_of_pos_right h (inv_pos.2 hc)
theorem div_lt_div_of_pos_left (ha : 0 < a) (hc : 0 < c) (h : c < b) : a / b < a / c := by
  rw [div_lt_div_iff (lt_trans hc h) hc]; exact mul_lt_mul_of_pos_left h ha
theorem div_le_div_iff_of_pos_right (hc : 0 < c) : a / c ≤ b / c ↔ a ≤ b := by
  rw [div_le_iff₀ hc, div_mul_cancel₀ b (ne_of_gt hc)]
theorem div_lt_div_iff_of_pos_right (hc : 0 < c) : a / c < b / c ↔ a < b := by
  rw [div_lt_iff₀ hc, div_mul_cancel₀ b (ne_of_gt hc)]
theorem div_le_div_right (hc : 0 < c) : a / c ≤ b / c ↔ a ≤ b := div_le_div_iff_of_pos_right hc
theorem div_lt_div_right (hc : 0 < c) : a / c < b / c ↔ a < b := div_lt_div_iff_of_pos_right hc
theorem div_le_self (ha : 0 ≤ a) (hb : 1 ≤ b) : a / b ≤ a := by
  rw [div_le_iff₀ (lt_of_lt_of_le zero_lt_one hb)]; exact le_mul_of_one_le_right ha hb
theorem div_lt_self (ha : 0 < a) (hb : 1 < b) : a / b < a := by
  rw [div_lt_iff₀ (lt_trans zero_lt_one hb)]; exact lt_mul_of_one_lt_right ha hb
theorem one_div_pos : 0 < 1 / a ↔ 0 < a := by rw [one_div, inv_pos]
theorem one_div_nonneg : 0 ≤ 1 / a ↔ 0 ≤ a := by rw [one_div, inv_nonneg]
theorem one_div_neg : 1 / a < 0 ↔ a < 0 := by rw [one_div, inv_lt_zero]
theorem one_div_le_one_div (ha : 0 < a) (hb : 0 < b) : 1 / a ≤ 1 / b ↔ b ≤ a := by
  rw [div_le_div_iff ha hb, one_mul, one_mul]
theorem one_div_lt_one_div (ha : 0 < a) (hb : 0 < b) : 1 / a < 1 / b ↔ b < a := by
  rw [div_lt_div_iff ha hb, one_mul, one_mul]
theorem one_div_le_one_div_of_le (ha : 0 < a) (h : a ≤ b) : 1 / b ≤ 1 / a :=
  (one_div_le_one_div (lt_of_lt_of_le ha h) ha).2 h
theorem one_div_lt_one_div_of_lt (ha : 0 < a) (h : a < b) : 1 / b < 1 / a :=
  (one_div_lt_one_div (lt_trans ha h) ha).2 h
theorem inv_le_inv_of_le (ha : 0 < a) (h : a ≤ b) : b⁻¹ ≤ a⁻¹ := by
  have := one_div_le_one_div_of_le ha h; rwa [one_div, one_div] at this
theorem inv_anti₀ (ha : 0 < a) (h : a ≤ b) : b⁻¹ ≤ a⁻¹ := inv_le_inv_of_le ha h
theorem inv_le_one₀ (h : 0 < a) : a⁻¹ ≤ 1 ↔ 1 ≤ a := by rw [← one_div, div_le_one h]
theorem inv_lt_one₀ (h : 0 < a) : a⁻¹ < 1 ↔ 1 < a := by rw [← one_div, div_lt_one h]
theorem add_halves (a : α) : a / 2 + a / 2 = a := by
  rw [div_add_div_same, ← mul_two, mul_div_cancel_right₀ a two_ne_zero]
theorem half_add_self (a : α) : (a + a) / 2 = a := by rw [← mul_two, mul_div_cancel_right₀ a two_ne_zero]
theorem sub_half (a : α) : a - a / 2 = a / 2 := by rw [sub_eq_iff_eq_add, add_halves]
theorem half_pos (h : 0 < a) : 0 < a / 2 := div_pos h zero_lt_two
theorem half_lt_self (h : 0 < a) : a / 2 < a := div_lt_self h one_lt_two
theorem half_le_self (h : 0 ≤ a) : a / 2 ≤ a := div_le_self h one_le_two
theorem le_of_forall_pos_le_add (h : ∀ ε, 0 < ε → a ≤ b + ε) : a ≤ b := not_lt.1 fun k => by
  have h₁ := h _ (half_pos (sub_pos.2 k))
  have h₂ := half_lt_self (sub_pos.2 k)
  grind
theorem exists_between_of_field (h : a < b) : ∃ c, a < c ∧ c < b := by
  have := half_pos (sub_pos.2 h); have := half_lt_self (sub_pos.2 h)
  exact ⟨a + (b - a) / 2, by grind, by grind⟩

end

section
variable {α : Type u} [Lean.Grind.Field α] [LE α] [LT α] [Max α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] [Std.LawfulOrderSup α]

theorem abs_inv (a : α) : |a⁻¹| = |a|⁻¹ := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rw [h]
  · exact abs_of_nonneg (inv_nonneg.2 k)
  · rw [inv_neg]; exact abs_of_neg (inv_lt_zero.2 k)
theorem abs_div (a b : α) : |a / b| = |a| / |b| := by rw [div_eq_mul_inv, abs_mul, abs_inv, ← div_eq_mul_inv]

end
