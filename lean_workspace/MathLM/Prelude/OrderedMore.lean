import MathLM.Prelude.Divides

/-! More of ordered (semi)rings: what `rw` and `apply` use to move terms across `≤` and `<`. -/

section
variable {α : Type u} [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] {a b c d : α}

attribute [simp] le_refl lt_irrefl not_le not_lt

theorem lt_self_iff_false (a : α) : a < a ↔ False := ⟨lt_irrefl a, False.elim⟩
theorem ge_antisymm (h : b ≤ a) (h' : a ≤ b) : a = b := le_antisymm h' h
theorem ge_trans (h : a ≥ b) (h' : b ≥ c) : a ≥ c := le_trans h' h
theorem gt_trans (h : a > b) (h' : b > c) : a > c := lt_trans h' h
theorem gt_of_gt_of_ge (h : a > b) (h' : b ≥ c) : a > c := lt_of_le_of_lt h' h
theorem gt_of_ge_of_gt (h : a ≥ b) (h' : b > c) : a > c := lt_of_lt_of_le h' h
theorem LE.le.trans_eq (h : a ≤ b) (h' : b = c) : a ≤ c := h' ▸ h
theorem LT.lt.trans_eq (h : a < b) (h' : b = c) : a < c := h' ▸ h
theorem Eq.trans_le (h : a = b) (h' : b ≤ c) : a ≤ c := h ▸ h'
theorem Eq.trans_lt (h : a = b) (h' : b < c) : a < c := h ▸ h'
theorem LE.le.trans_eq' (h : b ≤ c) (h' : a = b) : a ≤ c := h' ▸ h
theorem LE.le.ge (h : a ≤ b) : b ≥ a := h
theorem LT.lt.gt (h : a < b) : b > a := h
theorem GE.ge.le (h : a ≥ b) : b ≤ a := h
theorem GT.gt.lt (h : a > b) : b < a := h
theorem LE.le.lt_of_ne' (h : a ≤ b) (n : b ≠ a) : a < b := lt_of_le_of_ne' h n
theorem LE.le.eq_of_not_lt (h : a ≤ b) (n : ¬a < b) : a = b := le_antisymm h (_root_.not_lt.1 n)
theorem LE.le.ge_iff_eq (h : a ≤ b) : b ≤ a ↔ a = b := ⟨le_antisymm h, fun e => e ▸ le_rfl⟩
theorem LE.le.eq_of_ge (h : a ≤ b) (h' : b ≤ a) : a = b := le_antisymm h h'
theorem LE.le.lt_or_eq_dec (h : a ≤ b) : a < b ∨ a = b := lt_or_eq_of_le h
theorem LE.le.eq_or_lt' (h : a ≤ b) : b = a ∨ a < b := (eq_or_lt_of_le h).imp Eq.symm id
theorem LE.le.lt_or_eq' (h : a ≤ b) : a < b ∨ b = a := h.eq_or_lt'.symm
theorem LE.le.gt_iff_ne (h : a ≤ b) : b > a ↔ b ≠ a := ⟨fun k e => lt_irrefl b (by rw [e] at k ⊢; exact k), lt_of_le_of_ne' h⟩
theorem LE.le.lt_or_le (h : a ≤ b) (c : α) : a < c ∨ c ≤ b := (lt_or_ge a c).imp id fun k => le_trans k h
theorem LE.le.trans' (h : b ≤ c) (h' : a ≤ b) : a ≤ c := le_trans h' h
theorem LT.lt.trans' (h : b < c) (h' : a < b) : a < c := lt_trans h' h
theorem LE.le.trans_lt' (h : b ≤ c) (h' : a < b) : a < c := lt_of_lt_of_le h' h
theorem LT.lt.trans_le' (h : b < c) (h' : a ≤ b) : a < c := lt_of_le_of_lt h' h
theorem LT.lt.not_lt (h : a < b) : ¬b < a := lt_asymm h
theorem LT.lt.false (h : a < a) : False := lt_irrefl a h
theorem Ne.lt_or_lt (h : a ≠ b) : a < b ∨ b < a := lt_or_gt_of_ne h
theorem Ne.lt_or_gt (h : a ≠ b) : a < b ∨ a > b := lt_or_gt_of_ne h
theorem Ne.lt_of_le (h : a ≠ b) (h' : a ≤ b) : a < b := lt_of_le_of_ne h' h
theorem Ne.lt_of_le' (h : b ≠ a) (h' : a ≤ b) : a < b := lt_of_le_of_ne' h' h
theorem Ne.le_iff_lt (h : a ≠ b) : a ≤ b ↔ a < b := ⟨h.lt_of_le, le_of_lt⟩
theorem ne_of_gt' (h : a > b) : b ≠ a := ne_of_lt h
theorem ne_of_lt' (h : a < b) : b ≠ a := ne_of_gt h
theorem lt_or_lt_of_ne (h : a ≠ b) : a < b ∨ b < a := lt_or_gt_of_ne h
theorem lt_iff_not_le : a < b ↔ ¬b ≤ a := lt_iff_not_ge
theorem le_iff_not_lt : a ≤ b ↔ ¬b < a := not_lt.symm
theorem le_not_le_of_lt (h : a < b) : a ≤ b ∧ ¬b ≤ a := lt_iff_le_not_ge.1 h
theorem lt_of_le_not_le (h : a ≤ b) (h' : ¬b ≤ a) : a < b := lt_iff_le_not_ge.2 ⟨h, h'⟩
theorem eq_of_forall_ge_iff (h : ∀ c, a ≤ c ↔ b ≤ c) : a = b := le_antisymm ((h b).2 le_rfl) ((h a).1 le_rfl)
theorem eq_iff_le_not_lt : a = b ↔ a ≤ b ∧ ¬a < b := ⟨fun h => h ▸ ⟨le_rfl, lt_irrefl a⟩, fun h => h.1.eq_of_not_lt h.2⟩
theorem le_of_forall_lt (h : ∀ c, c < a → c < b) : a ≤ b := not_lt.1 fun k => lt_irrefl b (h b k)
theorem le_of_forall_le (h : ∀ c, c ≤ a → c ≤ b) : a ≤ b := h a le_rfl
theorem lt_iff_lt_of_le_iff_le (h : a ≤ b ↔ c ≤ d) : b < a ↔ d < c := by rw [← not_le, h, not_le]
theorem le_iff_le_iff_lt_iff_lt : (a ≤ b ↔ c ≤ d) ↔ (b < a ↔ d < c) :=
  ⟨lt_iff_lt_of_le_iff_le, fun h => by rw [← not_lt, h, not_lt]⟩
theorem lt_by_cases (a b : α) {P : Prop} (h₁ : a < b → P) (h₂ : a = b → P) (h₃ : b < a → P) : P :=
  (lt_trichotomy a b).elim h₁ fun h => h.elim h₂ h₃

end

section
variable {α : Type u} [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] [Max α] [Std.LawfulOrderSup α]
  {a b c d : α}

@[simp] theorem max_eq_left (h : b ≤ a) : max a b = a := le_antisymm (max_le le_rfl h) (le_max_left a b)
@[simp] theorem max_eq_right (h : a ≤ b) : max a b = b := le_antisymm (max_le h le_rfl) (le_max_right a b)
theorem max_eq_left_of_lt (h : b < a) : max a b = a := max_eq_left (le_of_lt h)
theorem max_eq_right_of_lt (h : a < b) : max a b = b := max_eq_right (le_of_lt h)
theorem max_self (a : α) : max a a = a := max_eq_left le_rfl
theorem max_choice (a b : α) : max a b = a ∨ max a b = b := (le_total b a).imp max_eq_left max_eq_right
theorem max_cases (a b : α) : max a b = a ∧ b ≤ a ∨ max a b = b ∧ a < b :=
  (Classical.em (b ≤ a)).imp (fun h => ⟨max_eq_left h, h⟩) fun h => ⟨max_eq_right (le_of_lt (not_le.1 h)), not_le.1 h⟩
theorem max_assoc (a b c : α) : max (max a b) c = max a (max b c) := eq_of_forall_ge_iff fun d => by
  rw [max_le_iff, max_le_iff, max_le_iff, max_le_iff, and_assoc]
theorem max_left_comm (a b c : α) : max a (max b c) = max b (max a c) := by
  rw [← max_assoc, max_comm a, max_assoc]
theorem max_lt (h : a < c) (h' : b < c) : max a b < c := by rcases max_choice a b with e | e <;> rwa [e]
theorem max_lt_iff : max a b < c ↔ a < c ∧ b < c :=
  ⟨fun h => ⟨lt_of_le_of_lt (le_max_left a b) h, lt_of_le_of_lt (le_max_right a b) h⟩, fun h => max_lt h.1 h.2⟩
theorem le_max_iff : a ≤ max b c ↔ a ≤ b ∨ a ≤ c := by
  constructor
  · intro h; rcases max_choice b c with e | e <;> rw [e] at h
    · exact .inl h
    · exact .inr h
  · rintro (h | h)
    · exact le_trans h (le_max_left b c)
    · exact le_trans h (le_max_right b c)
theorem lt_max_iff : a < max b c ↔ a < b ∨ a < c := by
  rw [← not_le, max_le_iff, ← not_le, ← not_le]; exact Classical.not_and_iff_not_or_not
theorem le_max_of_le_left (h : a ≤ b) : a ≤ max b c := le_max_iff.2 (.inl h)
theorem le_max_of_le_right (h : a ≤ c) : a ≤ max b c := le_max_iff.2 (.inr h)
theorem lt_max_of_lt_left (h : a < b) : a < max b c := lt_max_iff.2 (.inl h)
theorem lt_max_of_lt_right (h : a < c) : a < max b c := lt_max_iff.2 (.inr h)
theorem max_le_max (h : a ≤ c) (h' : b ≤ d) : max a b ≤ max c d := max_le (le_max_of_le_left h) (le_max_of_le_right h')
theorem max_eq_left_iff : max a b = a ↔ b ≤ a := ⟨fun h => h ▸ le_max_right a b, max_eq_left⟩
theorem max_eq_right_iff : max a b = b ↔ a ≤ b := ⟨fun h => h ▸ le_max_left a b, max_eq_right⟩
theorem max_def (a b : α) [Decidable (a ≤ b)] : max a b = if a ≤ b then b else a := by
  split
  · next h => exact max_eq_right h
  · next h => exact max_eq_left (le_of_lt (not_le.1 h))

end

section
variable {α : Type u} [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α] [Min α] [Std.LawfulOrderInf α]
  {a b c d : α}

@[simp] theorem min_eq_left (h : a ≤ b) : min a b = a := le_antisymm (min_le_left a b) (le_min le_rfl h)
@[simp] theorem min_eq_right (h : b ≤ a) : min a b = b := le_antisymm (min_le_right a b) (le_min h le_rfl)
theorem min_eq_left_of_lt (h : a < b) : min a b = a := min_eq_left (le_of_lt h)
theorem min_eq_right_of_lt (h : b < a) : min a b = b := min_eq_right (le_of_lt h)
theorem min_self (a : α) : min a a = a := min_eq_left le_rfl
theorem min_choice (a b : α) : min a b = a ∨ min a b = b := (le_total a b).imp min_eq_left min_eq_right
theorem min_cases (a b : α) : min a b = a ∧ a ≤ b ∨ min a b = b ∧ b < a :=
  (Classical.em (a ≤ b)).imp (fun h => ⟨min_eq_left h, h⟩) fun h => ⟨min_eq_right (le_of_lt (not_le.1 h)), not_le.1 h⟩
theorem min_comm (a b : α) : min a b = min b a := eq_of_forall_le_iff fun c => by
  rw [le_min_iff, le_min_iff, And.comm]
theorem min_assoc (a b c : α) : min (min a b) c = min a (min b c) := eq_of_forall_le_iff fun d => by
  rw [le_min_iff, le_min_iff, le_min_iff, le_min_iff, and_assoc]
theorem lt_min (h : c < a) (h' : c < b) : c < min a b := by rcases min_choice a b with e | e <;> rwa [e]
theorem lt_min_iff : c < min a b ↔ c < a ∧ c < b :=
  ⟨fun h => ⟨lt_of_lt_of_le h (min_le_left a b), lt_of_lt_of_le h (min_le_right a b)⟩, fun h => lt_min h.1 h.2⟩
theorem min_le_iff : min a b ≤ c ↔ a ≤ c ∨ b ≤ c := by
  constructor
  · intro h; rcases min_choice a b with e | e <;> rw [e] at h
    · exact .inl h
    · exact .inr h
  · rintro (h | h)
    · exact le_trans (min_le_left a b) h
    · exact le_trans (min_le_right a b) h
theorem min_lt_iff : min a b < c ↔ a < c ∨ b < c := by
  rw [← not_le, le_min_iff, ← not_le, ← not_le]; exact Classical.not_and_iff_not_or_not
theorem min_le_of_left_le (h : a ≤ c) : min a b ≤ c := min_le_iff.2 (.inl h)
theorem min_le_of_right_le (h : b ≤ c) : min a b ≤ c := min_le_iff.2 (.inr h)
theorem min_lt_of_left_lt (h : a < c) : min a b < c := min_lt_iff.2 (.inl h)
theorem min_lt_of_right_lt (h : b < c) : min a b < c := min_lt_iff.2 (.inr h)
theorem min_le_min (h : a ≤ c) (h' : b ≤ d) : min a b ≤ min c d := le_min (min_le_of_left_le h) (min_le_of_right_le h')
theorem min_eq_left_iff : min a b = a ↔ a ≤ b := ⟨fun h => h ▸ min_le_right a b, min_eq_left⟩
theorem min_eq_right_iff : min a b = b ↔ b ≤ a := ⟨fun h => h ▸ min_le_left a b, min_eq_right⟩
theorem min_def (a b : α) [Decidable (a ≤ b)] : min a b = if a ≤ b then a else b := by
  split
  · next h => exact min_eq_left h
  · next h => exact min_eq_right (le_of_lt (not_le.1 h))
theorem min_le_max [Max α] [Std.LawfulOrderSup α] : min a b ≤ max a b := le_trans (min_le_left a b) (le_max_left a b)

end

theorem min_add_max (a b : ℤ) : min a b + max a b = a + b := by omega
theorem min_mul_max (a b : ℤ) : min a b * max a b = a * b := by
  rcases le_total a b with h | h
  · rw [min_eq_left h, max_eq_right h]
  · rw [min_eq_right h, max_eq_left h, mul_comm]

/-! ### Sums -/

section
variable {α : Type u} [Lean.Grind.CommSemiring α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

@[simp] theorem add_le_add_iff_left (a : α) : a + b ≤ a + c ↔ b ≤ c := by
  rw [add_comm a, add_comm a]; exact (Lean.Grind.OrderedAdd.add_le_left_iff a).symm
@[simp] theorem add_le_add_iff_right (a : α) : b + a ≤ c + a ↔ b ≤ c := (Lean.Grind.OrderedAdd.add_le_left_iff a).symm
@[simp] theorem add_lt_add_iff_left (a : α) : a + b < a + c ↔ b < c := by
  rw [← not_le, add_le_add_iff_left, not_le]
@[simp] theorem add_lt_add_iff_right (a : α) : b + a < c + a ↔ b < c := by
  rw [← not_le, add_le_add_iff_right, not_le]
theorem le_add_iff_nonneg_right (a : α) : a ≤ a + b ↔ 0 ≤ b := by
  have := add_le_add_iff_left (b := 0) (c := b) a; rwa [add_zero] at this
theorem le_add_iff_nonneg_left (a : α) : a ≤ b + a ↔ 0 ≤ b := by rw [add_comm, le_add_iff_nonneg_right]
theorem lt_add_iff_pos_right (a : α) : a < a + b ↔ 0 < b := by
  have := add_lt_add_iff_left (b := 0) (c := b) a; rwa [add_zero] at this
theorem lt_add_iff_pos_left (a : α) : a < b + a ↔ 0 < b := by rw [add_comm, lt_add_iff_pos_right]
theorem add_le_iff_nonpos_right (a : α) : a + b ≤ a ↔ b ≤ 0 := by
  have := add_le_add_iff_left (b := b) (c := 0) a; rwa [add_zero] at this
theorem add_lt_iff_neg_left : a + b < a ↔ b < 0 := by
  have := add_lt_add_iff_left (b := b) (c := 0) a; rwa [add_zero] at this
theorem le_add_of_nonneg_right (h : 0 ≤ b) : a ≤ a + b := (le_add_iff_nonneg_right a).2 h
theorem le_add_of_nonneg_left (h : 0 ≤ b) : a ≤ b + a := (le_add_iff_nonneg_left a).2 h
theorem lt_add_of_pos_right (a : α) (h : 0 < b) : a < a + b := (lt_add_iff_pos_right a).2 h
theorem lt_add_of_pos_left (a : α) (h : 0 < b) : a < b + a := (lt_add_iff_pos_left a).2 h
theorem add_le_of_nonpos_right (h : b ≤ 0) : a + b ≤ a := (add_le_iff_nonpos_right a).2 h
theorem add_le_of_nonpos_left (h : b ≤ 0) : b + a ≤ a := by rw [add_comm]; exact add_le_of_nonpos_right h
theorem le_add_of_le_of_nonneg (h : a ≤ b) (hc : 0 ≤ c) : a ≤ b + c := le_trans h (le_add_of_nonneg_right hc)
theorem le_add_of_nonneg_of_le (hc : 0 ≤ c) (h : a ≤ b) : a ≤ c + b := le_trans h (le_add_of_nonneg_left hc)
theorem lt_add_of_lt_of_nonneg (h : a < b) (hc : 0 ≤ c) : a < b + c := lt_of_lt_of_le h (le_add_of_nonneg_right hc)
theorem lt_add_of_le_of_pos (h : a ≤ b) (hc : 0 < c) : a < b + c := lt_of_le_of_lt h (lt_add_of_pos_right b hc)
theorem lt_add_of_pos_of_le (hc : 0 < c) (h : a ≤ b) : a < c + b := lt_of_le_of_lt h (lt_add_of_pos_left b hc)
theorem add_nonpos (h : a ≤ 0) (h' : b ≤ 0) : a + b ≤ 0 := by have := add_le_add h h'; rwa [add_zero] at this
theorem add_neg (h : a < 0) (h' : b < 0) : a + b < 0 := by have := add_lt_add h h'; rwa [add_zero] at this
theorem add_neg_of_neg_of_nonpos (h : a < 0) (h' : b ≤ 0) : a + b < 0 := by
  have := add_lt_add_of_lt_of_le h h'; rwa [add_zero] at this
theorem add_neg_of_nonpos_of_neg (h : a ≤ 0) (h' : b < 0) : a + b < 0 := by
  have := add_lt_add_of_le_of_lt h h'; rwa [add_zero] at this
theorem le_of_add_le_add_left (h : a + b ≤ a + c) : b ≤ c := (add_le_add_iff_left a).1 h
theorem le_of_add_le_add_right (h : a + b ≤ c + b) : a ≤ c := (add_le_add_iff_right b).1 h
theorem lt_of_add_lt_add_left (h : a + b < a + c) : b < c := (add_lt_add_iff_left a).1 h
theorem lt_of_add_lt_add_right (h : a + b < c + b) : a < c := (add_lt_add_iff_right b).1 h
theorem add_eq_zero_iff_of_nonneg (ha : 0 ≤ a) (hb : 0 ≤ b) : a + b = 0 ↔ a = 0 ∧ b = 0 := by
  constructor
  · intro h
    have h₁ : a ≤ 0 := h ▸ le_add_of_nonneg_right hb
    have h₂ : b ≤ 0 := h ▸ le_add_of_nonneg_left ha
    exact ⟨le_antisymm h₁ ha, le_antisymm h₂ hb⟩
  · rintro ⟨rfl, rfl⟩; exact add_zero 0
theorem add_eq_zero_iff_eq_zero_of_nonneg (ha : 0 ≤ a) (hb : 0 ≤ b) : a + b = 0 ↔ a = 0 ∧ b = 0 :=
  add_eq_zero_iff_of_nonneg ha hb
theorem lt_add_one (a : α) : a < a + 1 := lt_add_of_pos_right a zero_lt_one
theorem lt_one_add (a : α) : a < 1 + a := lt_add_of_pos_left a zero_lt_one
theorem le_add_one_of_le (h : a ≤ b) : a ≤ b + 1 := le_trans h (le_of_lt (lt_add_one b))
@[simp] theorem zero_lt_two : (0 : α) < 2 := by rw [← one_add_one_eq_two]; exact add_pos zero_lt_one zero_lt_one
theorem zero_lt_three : (0 : α) < 3 := by
  have : (3 : α) = 2 + 1 := by grind
  rw [this]; exact add_pos zero_lt_two zero_lt_one
theorem zero_lt_four : (0 : α) < 4 := by rw [← two_add_two_eq_four]; exact add_pos zero_lt_two zero_lt_two
theorem two_pos : (0 : α) < 2 := zero_lt_two
theorem three_pos : (0 : α) < 3 := zero_lt_three
theorem four_pos : (0 : α) < 4 := zero_lt_four
theorem zero_le_two : (0 : α) ≤ 2 := le_of_lt zero_lt_two
theorem zero_le_three : (0 : α) ≤ 3 := le_of_lt zero_lt_three
theorem zero_le_four : (0 : α) ≤ 4 := le_of_lt zero_lt_four
theorem one_lt_two : (1 : α) < 2 := by rw [← one_add_one_eq_two]; exact lt_add_one 1
theorem one_le_two : (1 : α) ≤ 2 := le_of_lt one_lt_two
theorem one_ne_zero : (1 : α) ≠ 0 := ne_of_gt zero_lt_one
theorem zero_ne_one : (0 : α) ≠ 1 := ne_of_lt zero_lt_one
theorem two_ne_zero : (2 : α) ≠ 0 := ne_of_gt zero_lt_two
theorem three_ne_zero : (3 : α) ≠ 0 := ne_of_gt zero_lt_three
theorem four_ne_zero : (4 : α) ≠ 0 := ne_of_gt zero_lt_four
attribute [simp] zero_lt_one zero_le_one

end

section
variable {α : Type u} [Lean.Grind.CommRing α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

attribute [simp] sub_nonneg sub_pos sub_nonpos sub_neg

theorem sub_nonneg_of_le (h : b ≤ a) : 0 ≤ a - b := sub_nonneg.2 h
theorem le_of_sub_nonneg (h : 0 ≤ a - b) : b ≤ a := sub_nonneg.1 h
theorem sub_pos_of_lt (h : b < a) : 0 < a - b := sub_pos.2 h
theorem lt_of_sub_pos (h : 0 < a - b) : b < a := sub_pos.1 h
theorem sub_nonpos_of_le (h : a ≤ b) : a - b ≤ 0 := sub_nonpos.2 h
theorem le_of_sub_nonpos (h : a - b ≤ 0) : a ≤ b := sub_nonpos.1 h
theorem sub_neg_of_lt (h : a < b) : a - b < 0 := sub_neg.2 h
theorem sub_lt_zero : a - b < 0 ↔ a < b := sub_neg
theorem sub_lt_sub (h : a < b) (h' : c < d) : a - d < b - c := by grind
theorem sub_lt_sub_left (h : a < b) (c : α) : c - b < c - a := by grind
theorem sub_lt_sub_right (h : a < b) (c : α) : a - c < b - c := by grind
theorem sub_lt_sub_of_le_of_lt (h : a ≤ b) (h' : c < d) : a - d < b - c := by grind
@[simp] theorem sub_le_sub_iff_left (a : α) : a - b ≤ a - c ↔ c ≤ b := by grind
@[simp] theorem sub_le_sub_iff_right (c : α) : a - c ≤ b - c ↔ a ≤ b := by grind
@[simp] theorem sub_lt_sub_iff_left (a : α) : a - b < a - c ↔ c < b := by grind
@[simp] theorem sub_lt_sub_iff_right (c : α) : a - c < b - c ↔ a < b := by grind
theorem sub_le_comm : a - b ≤ c ↔ a - c ≤ b := by grind
theorem sub_lt_comm : a - b < c ↔ a - c < b := by grind
theorem le_sub_comm : a ≤ b - c ↔ c ≤ b - a := by grind
theorem lt_sub_comm : a < b - c ↔ c < b - a := by grind
theorem le_sub_iff_add_le' : b ≤ c - a ↔ a + b ≤ c := by grind
theorem sub_le_iff_le_add' : a - b ≤ c ↔ a ≤ b + c := by grind
theorem lt_sub_iff_add_lt' : b < c - a ↔ a + b < c := by grind
theorem sub_lt_iff_lt_add' : a - b < c ↔ a < b + c := by grind
theorem sub_le_self (a : α) (h : 0 ≤ b) : a - b ≤ a := by grind
theorem sub_lt_self (a : α) (h : 0 < b) : a - b < a := by grind
theorem sub_le_self_iff (a : α) : a - b ≤ a ↔ 0 ≤ b := by grind
theorem sub_lt_self_iff (a : α) : a - b < a ↔ 0 < b := by grind
theorem le_sub_self_iff (a : α) : a ≤ a - b ↔ b ≤ 0 := by grind
theorem sub_one_lt (a : α) : a - 1 < a := by grind
@[simp] theorem neg_le_neg_iff : -a ≤ -b ↔ b ≤ a := by grind
@[simp] theorem neg_lt_neg_iff : -a < -b ↔ b < a := by grind
theorem neg_le : -a ≤ b ↔ -b ≤ a := by grind
theorem neg_lt : -a < b ↔ -b < a := by grind
theorem le_neg : a ≤ -b ↔ b ≤ -a := by grind
theorem lt_neg : a < -b ↔ b < -a := by grind
@[simp] theorem neg_nonpos : -a ≤ 0 ↔ 0 ≤ a := by grind
@[simp] theorem neg_lt_zero : -a < 0 ↔ 0 < a := by grind
attribute [simp] neg_nonneg neg_pos
theorem neg_neg_iff_pos : -a < 0 ↔ 0 < a := by grind
theorem neg_nonneg_of_nonpos (h : a ≤ 0) : 0 ≤ -a := neg_nonneg.2 h
theorem neg_nonpos_of_nonneg (h : 0 ≤ a) : -a ≤ 0 := neg_nonpos.2 h
theorem neg_pos_of_neg (h : a < 0) : 0 < -a := neg_pos.2 h
theorem neg_neg_of_pos (h : 0 < a) : -a < 0 := neg_lt_zero.2 h
theorem neg_le_self (h : 0 ≤ a) : -a ≤ a := by grind
theorem neg_lt_self (h : 0 < a) : -a < a := by grind
theorem neg_le_iff_add_nonneg : -a ≤ b ↔ 0 ≤ a + b := by grind
theorem neg_le_iff_add_nonneg' : -a ≤ b ↔ 0 ≤ b + a := by grind
theorem le_neg_iff_add_nonpos_right : a ≤ -b ↔ a + b ≤ 0 := by grind
theorem neg_le_of_neg_le (h : -a ≤ b) : -b ≤ a := by grind
theorem neg_lt_of_neg_lt (h : -a < b) : -b < a := by grind
@[simp] theorem add_self_eq_zero : a + a = 0 ↔ a = 0 := by grind
theorem sub_le_sub_iff : a - b ≤ c - d ↔ a + d ≤ c + b := by grind
theorem eq_zero_of_neg_eq (h : -a = a) : a = 0 := by grind
theorem neg_eq_self : -a = a ↔ a = 0 := by grind
theorem self_eq_neg : a = -a ↔ a = 0 := by grind
theorem le_iff_forall_pos_lt_add : a ≤ b ↔ ∀ ε, 0 < ε → a < b + ε := by
  refine ⟨fun h ε hε => by grind, fun h => not_lt.1 fun k => ?_⟩
  have := h (a - b) (sub_pos.2 k); grind

end
