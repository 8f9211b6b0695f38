import MathLM.Prelude.Ordered

/-! Absolute values, and induction from a given number on. -/

instance : Std.LawfulOrderSup ℕ := ⟨fun a b c => by omega⟩
instance : Std.LawfulOrderSup ℤ := ⟨fun a b c => by omega⟩
instance : Std.LawfulOrderSup ℚ := ⟨fun a b c => by
  show (if a ≤ b then b else a) ≤ c ↔ _
  split <;> grind⟩
instance : Std.LawfulOrderInf ℕ := ⟨fun a b c => by omega⟩
instance : Std.LawfulOrderInf ℤ := ⟨fun a b c => by omega⟩
instance : Std.LawfulOrderInf ℚ := ⟨fun a b c => by
  show a ≤ (if b ≤ c then b else c) ↔ _
  split <;> grind⟩

section
variable {α : Type u} [Lean.Grind.CommRing α] [LE α] [LT α] [Max α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] [Std.LawfulOrderSup α] {a b c : α}

theorem abs_le : |a| ≤ b ↔ -b ≤ a ∧ a ≤ b := by
  unfold abs
  rw [max_le_iff]
  constructor
  · rintro ⟨h, k⟩; exact ⟨by grind, h⟩
  · rintro ⟨h, k⟩; exact ⟨k, by grind⟩
theorem le_abs_self (a : α) : a ≤ |a| := le_max_left a (-a)
theorem neg_le_abs (a : α) : -a ≤ |a| := le_max_right a (-a)
theorem neg_abs_le (a : α) : -|a| ≤ a := by have := neg_le_abs a; grind
theorem abs_nonneg (a : α) : 0 ≤ |a| := by have h := le_abs_self a; have k := neg_le_abs a; grind
theorem abs_of_nonneg (h : 0 ≤ a) : |a| = a := le_antisymm (abs_le.2 ⟨by grind, le_rfl⟩) (le_abs_self a)
theorem abs_of_nonpos (h : a ≤ 0) : |a| = -a := le_antisymm (abs_le.2 ⟨by grind, by grind⟩) (neg_le_abs a)
theorem abs_of_pos (h : 0 < a) : |a| = a := abs_of_nonneg (le_of_lt h)
theorem abs_of_neg (h : a < 0) : |a| = -a := abs_of_nonpos (le_of_lt h)
theorem abs_neg (a : α) : |(-a)| = |a| := by
  unfold abs; rw [neg_neg, max_comm]
theorem abs_zero : |(0 : α)| = 0 := abs_of_nonneg le_rfl
theorem abs_sub_comm (a b : α) : |a - b| = |b - a| := by rw [← neg_sub, abs_neg]
theorem abs_cases (a : α) : |a| = a ∧ 0 ≤ a ∨ |a| = -a ∧ a < 0 :=
  (Classical.em (0 ≤ a)).imp (fun h => ⟨abs_of_nonneg h, h⟩) fun h => ⟨abs_of_neg (not_le.1 h), not_le.1 h⟩
theorem abs_lt : |a| < b ↔ -b < a ∧ a < b := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rw [h] <;> constructor <;> intro l <;> first | constructor <;> grind | grind
theorem abs_eq_zero : |a| = 0 ↔ a = 0 := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rw [h] <;> grind
theorem abs_eq (h : 0 ≤ b) : |a| = b ↔ a = b ∨ a = -b := by
  rcases abs_cases a with ⟨e, k⟩ | ⟨e, k⟩ <;> rw [e] <;> grind
theorem abs_add_le (a b : α) : |a + b| ≤ |a| + |b| := by
  have h₁ := le_abs_self a; have h₂ := neg_le_abs a; have h₃ := le_abs_self b; have h₄ := neg_le_abs b
  rw [abs_le]; constructor <;> grind
theorem abs_mul_self (a : α) : |a| * |a| = a * a := by
  rcases abs_cases a with ⟨h, _⟩ | ⟨h, _⟩ <;> rw [h] <;> grind
theorem sq_abs (a : α) : |a| ^ 2 = a ^ 2 := by rw [pow_two, abs_mul_self, pow_two]

end

theorem Int.abs_eq_natAbs (a : ℤ) : |a| = a.natAbs := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rw [h] <;> omega

@[elab_as_elim]
theorem Nat.le_induction {m : ℕ} {P : ∀ n, m ≤ n → Prop} (base : P m (Nat.le_refl m))
    (succ : ∀ n (hmn : m ≤ n), P n hmn → P (n + 1) (Nat.le_succ_of_le hmn)) (n : ℕ) (hmn : m ≤ n) : P n hmn := by
  induction n with
  | zero =>
    have : m = 0 := Nat.le_zero.1 hmn
    subst this; exact base
  | succ n ih =>
    rcases Nat.lt_or_ge n m with h | h
    · have : m = n + 1 := Nat.le_antisymm hmn h
      subst this; exact base
    · exact succ n h (ih h)

theorem pow_ne_zero {α : Type u} [Lean.Grind.Field α] {a : α} (n : ℕ) (h : a ≠ 0) : a ^ n ≠ 0 := by
  induction n with
  | zero => rw [pow_zero]; exact (Lean.Grind.Field.zero_ne_one).symm
  | succ n ih => rw [pow_succ]; exact mul_ne_zero_of_field ih h
where
  mul_ne_zero_of_field {α : Type u} [Lean.Grind.Field α] {a b : α} (ha : a ≠ 0) (hb : b ≠ 0) : a * b ≠ 0 := by grind
