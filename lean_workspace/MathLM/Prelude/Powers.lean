import MathLM.Prelude.OrderedMore

/-! Products, powers and absolute values in ordered (semi)rings. -/

section
variable {α : Type u} [Lean.Grind.CommSemiring α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

theorem mul_lt_mul_left (h : 0 < a) : a * b < a * c ↔ b < c :=
  ⟨fun k => not_le.1 fun l => not_le.2 k (mul_le_mul_of_nonneg_left l (le_of_lt h)), fun k => mul_lt_mul_of_pos_left k h⟩
theorem mul_lt_mul_right (h : 0 < a) : b * a < c * a ↔ b < c := by rw [mul_comm b, mul_comm c, mul_lt_mul_left h]
theorem mul_le_mul_left (h : 0 < a) : a * b ≤ a * c ↔ b ≤ c := by rw [← not_lt, mul_lt_mul_left h, not_lt]
theorem mul_le_mul_right (h : 0 < a) : b * a ≤ c * a ↔ b ≤ c := by rw [← not_lt, mul_lt_mul_right h, not_lt]
theorem mul_lt_mul_iff_right₀ (h : 0 < a) : a * b < a * c ↔ b < c := mul_lt_mul_left h
theorem mul_lt_mul_iff_left₀ (h : 0 < a) : b * a < c * a ↔ b < c := mul_lt_mul_right h
theorem mul_le_mul_iff_right₀ (h : 0 < a) : a * b ≤ a * c ↔ b ≤ c := mul_le_mul_left h
theorem mul_le_mul_iff_left₀ (h : 0 < a) : b * a ≤ c * a ↔ b ≤ c := mul_le_mul_right h
theorem mul_lt_mul_iff_of_pos_left (h : 0 < a) : a * b < a * c ↔ b < c := mul_lt_mul_left h
theorem mul_lt_mul_iff_of_pos_right (h : 0 < a) : b * a < c * a ↔ b < c := mul_lt_mul_right h
theorem mul_le_mul_iff_of_pos_left (h : 0 < a) : a * b ≤ a * c ↔ b ≤ c := mul_le_mul_left h
theorem mul_le_mul_iff_of_pos_right (h : 0 < a) : b * a ≤ c * a ↔ b ≤ c := mul_le_mul_right h
theorem lt_of_mul_lt_mul_left (h : a * b < a * c) (ha : 0 ≤ a) : b < c :=
  not_le.1 fun l => not_le.2 h (mul_le_mul_of_nonneg_left l ha)
theorem lt_of_mul_lt_mul_right (h : b * a < c * a) (ha : 0 ≤ a) : b < c :=
  not_le.1 fun l => not_le.2 h (mul_le_mul_of_nonneg_right l ha)
theorem le_of_mul_le_mul_left (h : a * b ≤ a * c) (ha : 0 < a) : b ≤ c := (mul_le_mul_left ha).1 h
theorem le_of_mul_le_mul_right (h : b * a ≤ c * a) (ha : 0 < a) : b ≤ c := (mul_le_mul_right ha).1 h
theorem mul_lt_mul (h : a < c) (h' : b ≤ d) (hb : 0 < b) (hc : 0 ≤ c) : a * b < c * d :=
  lt_of_lt_of_le (mul_lt_mul_of_pos_right h hb) (mul_le_mul_of_nonneg_left h' hc)
theorem mul_lt_mul' (h : a ≤ c) (h' : b < d) (hb : 0 ≤ b) (hc : 0 < c) : a * b < c * d :=
  lt_of_le_of_lt (mul_le_mul_of_nonneg_right h hb) (mul_lt_mul_of_pos_left h' hc)
theorem mul_lt_mul'' (h : a < c) (h' : b < d) (ha : 0 ≤ a) (hb : 0 ≤ b) : a * b < c * d :=
  mul_lt_mul' (le_of_lt h) h' hb (lt_of_le_of_lt ha h)
theorem mul_le_mul' {a b c d : ℕ} (h : a ≤ b) (h' : c ≤ d) : a * c ≤ b * d := Nat.mul_le_mul h h'
theorem mul_le_mul_left' {b c : ℕ} (h : b ≤ c) (a : ℕ) : a * b ≤ a * c := Nat.mul_le_mul_left a h
theorem mul_le_mul_right' {b c : ℕ} (h : b ≤ c) (a : ℕ) : b * a ≤ c * a := Nat.mul_le_mul_right a h
theorem le_mul_of_one_le_right (hb : 0 ≤ b) (h : 1 ≤ a) : b ≤ b * a := by
  have := mul_le_mul_of_nonneg_left h hb; rwa [mul_one] at this
theorem le_mul_of_one_le_left (hb : 0 ≤ b) (h : 1 ≤ a) : b ≤ a * b := by rw [mul_comm]; exact le_mul_of_one_le_right hb h
theorem mul_le_of_le_one_right (hb : 0 ≤ b) (h : a ≤ 1) : b * a ≤ b := by
  have := mul_le_mul_of_nonneg_left h hb; rwa [mul_one] at this
theorem mul_le_of_le_one_left (hb : 0 ≤ b) (h : a ≤ 1) : a * b ≤ b := by rw [mul_comm]; exact mul_le_of_le_one_right hb h
theorem lt_mul_of_one_lt_right (hb : 0 < b) (h : 1 < a) : b < b * a := by
  have := mul_lt_mul_of_pos_left h hb; rwa [mul_one] at this
theorem lt_mul_of_one_lt_left (hb : 0 < b) (h : 1 < a) : b < a * b := by rw [mul_comm]; exact lt_mul_of_one_lt_right hb h
theorem mul_lt_of_lt_one_right (hb : 0 < b) (h : a < 1) : b * a < b := by
  have := mul_lt_mul_of_pos_left h hb; rwa [mul_one] at this
theorem mul_lt_of_lt_one_left (hb : 0 < b) (h : a < 1) : a * b < b := by rw [mul_comm]; exact mul_lt_of_lt_one_right hb h
theorem le_mul_iff_one_le_right (h : 0 < b) : b ≤ b * a ↔ 1 ≤ a := by
  have := mul_le_mul_left (b := 1) (c := a) h; rwa [mul_one] at this
theorem le_mul_iff_one_le_left (h : 0 < b) : b ≤ a * b ↔ 1 ≤ a := by rw [mul_comm, le_mul_iff_one_le_right h]
theorem lt_mul_iff_one_lt_right (h : 0 < b) : b < b * a ↔ 1 < a := by
  have := mul_lt_mul_left (b := 1) (c := a) h; rwa [mul_one] at this
theorem lt_mul_iff_one_lt_left (h : 0 < b) : b < a * b ↔ 1 < a := by rw [mul_comm, lt_mul_iff_one_lt_right h]
theorem mul_le_iff_le_one_right (h : 0 < b) : b * a ≤ b ↔ a ≤ 1 := by
  have := mul_le_mul_left (b := a) (c := 1) h; rwa [mul_one] at this
theorem mul_le_iff_le_one_left (h : 0 < b) : a * b ≤ b ↔ a ≤ 1 := by rw [mul_comm, mul_le_iff_le_one_right h]
theorem one_lt_mul_of_lt_of_le (h : 1 < a) (h' : 1 ≤ b) : 1 < a * b :=
  lt_of_lt_of_le h (le_mul_of_one_le_right (le_of_lt (lt_trans zero_lt_one h)) h')
theorem one_le_mul_of_one_le_of_one_le (h : 1 ≤ a) (h' : 1 ≤ b) : 1 ≤ a * b :=
  le_trans h (le_mul_of_one_le_right (le_trans zero_le_one h) h')
theorem mul_le_one₀ (h : a ≤ 1) (hb : 0 ≤ b) (h' : b ≤ 1) : a * b ≤ 1 := le_trans (mul_le_of_le_one_left hb h) h'
theorem mul_pos_iff_of_pos_left (h : 0 < c) : 0 < c * b ↔ 0 < b := by
  have := mul_lt_mul_left (b := 0) (c := b) h; rwa [mul_zero] at this
theorem mul_pos_iff_of_pos_right (h : 0 < c) : 0 < b * c ↔ 0 < b := by rw [mul_comm, mul_pos_iff_of_pos_left h]
theorem mul_nonneg_iff_of_pos_left (h : 0 < c) : 0 ≤ c * b ↔ 0 ≤ b := by
  have := mul_le_mul_left (b := 0) (c := b) h; rwa [mul_zero] at this
theorem mul_nonneg_iff_of_pos_right (h : 0 < c) : 0 ≤ b * c ↔ 0 ≤ b := by rw [mul_comm, mul_nonneg_iff_of_pos_left h]
theorem pos_of_mul_pos_left (h : 0 < a * b) (ha : 0 ≤ a) : 0 < b := by
  have h' : a * 0 < a * b := by rwa [mul_zero]
  exact lt_of_mul_lt_mul_left h' ha
theorem pos_of_mul_pos_right (h : 0 < a * b) (hb : 0 ≤ b) : 0 < a := by
  rw [mul_comm] at h; exact pos_of_mul_pos_left h hb
theorem mul_self_lt_mul_self (h : 0 ≤ a) (h' : a < b) : a * a < b * b := mul_lt_mul'' h' h' h h
theorem mul_self_le_mul_self_iff (h : 0 ≤ a) (h' : 0 ≤ b) : a ≤ b ↔ a * a ≤ b * b :=
  ⟨mul_self_le_mul_self h, fun k => not_lt.1 fun l => not_lt.2 k (mul_self_lt_mul_self h' l)⟩
theorem mul_self_lt_mul_self_iff (h : 0 ≤ a) (h' : 0 ≤ b) : a < b ↔ a * a < b * b := by
  rw [← not_le, mul_self_le_mul_self_iff h' h, not_le]
theorem mul_self_inj (h : 0 ≤ a) (h' : 0 ≤ b) : a * a = b * b ↔ a = b :=
  ⟨fun k => le_antisymm ((mul_self_le_mul_self_iff h h').2 (le_of_eq k)) ((mul_self_le_mul_self_iff h' h).2 (ge_of_eq k)),
   fun k => by rw [k]⟩

/-! ### Powers -/

attribute [simp] pow_pos
theorem pow_le_pow_left (h : 0 ≤ a) (h' : a ≤ b) (n : ℕ) : a ^ n ≤ b ^ n := pow_le_pow_left₀ h h' n
theorem pow_lt_pow_left₀ (h : a < b) (ha : 0 ≤ a) : ∀ {n : ℕ}, n ≠ 0 → a ^ n < b ^ n
  | 0, hn => absurd rfl hn
  | n + 1, _ => by
    rw [pow_succ, pow_succ]
    exact mul_lt_mul' (pow_le_pow_left₀ ha (le_of_lt h) n) h ha (pow_pos (lt_of_le_of_lt ha h) n)
theorem pow_lt_pow_left (h : a < b) (ha : 0 ≤ a) {n : ℕ} (hn : n ≠ 0) : a ^ n < b ^ n := pow_lt_pow_left₀ h ha hn
theorem pow_le_pow_iff_left₀ (ha : 0 ≤ a) (hb : 0 ≤ b) {n : ℕ} (hn : n ≠ 0) : a ^ n ≤ b ^ n ↔ a ≤ b :=
  ⟨fun h => not_lt.1 fun k => not_lt.2 h (pow_lt_pow_left₀ k hb hn), fun h => pow_le_pow_left₀ ha h n⟩
theorem pow_lt_pow_iff_left₀ (ha : 0 ≤ a) (hb : 0 ≤ b) {n : ℕ} (hn : n ≠ 0) : a ^ n < b ^ n ↔ a < b := by
  rw [← not_le, pow_le_pow_iff_left₀ hb ha hn, not_le]
theorem pow_le_pow_iff_left (ha : 0 ≤ a) (hb : 0 ≤ b) {n : ℕ} (hn : n ≠ 0) : a ^ n ≤ b ^ n ↔ a ≤ b :=
  pow_le_pow_iff_left₀ ha hb hn
theorem pow_left_inj₀ (ha : 0 ≤ a) (hb : 0 ≤ b) {n : ℕ} (hn : n ≠ 0) : a ^ n = b ^ n ↔ a = b := by
  rw [le_antisymm_iff, pow_le_pow_iff_left₀ ha hb hn, pow_le_pow_iff_left₀ hb ha hn, ← le_antisymm_iff]
theorem pow_left_inj (ha : 0 ≤ a) (hb : 0 ≤ b) {n : ℕ} (hn : n ≠ 0) : a ^ n = b ^ n ↔ a = b := pow_left_inj₀ ha hb hn
theorem lt_of_pow_lt_pow_left₀ (n : ℕ) (hb : 0 ≤ b) (h : a ^ n < b ^ n) : a < b :=
  not_le.1 fun k => not_le.2 h (pow_le_pow_left₀ hb k n)
theorem lt_of_pow_lt_pow_left (n : ℕ) (hb : 0 ≤ b) (h : a ^ n < b ^ n) : a < b := lt_of_pow_lt_pow_left₀ n hb h
theorem le_of_pow_le_pow_left₀ {n : ℕ} (hn : n ≠ 0) (hb : 0 ≤ b) (h : a ^ n ≤ b ^ n) : a ≤ b :=
  not_lt.1 fun k => not_lt.2 h (pow_lt_pow_left₀ k hb hn)
theorem le_of_pow_le_pow_left {n : ℕ} (hn : n ≠ 0) (hb : 0 ≤ b) (h : a ^ n ≤ b ^ n) : a ≤ b :=
  le_of_pow_le_pow_left₀ hn hb h
theorem one_lt_pow₀ (h : 1 < a) {n : ℕ} (hn : n ≠ 0) : 1 < a ^ n := by
  have := pow_lt_pow_left₀ h zero_le_one hn; rwa [one_pow] at this
theorem one_lt_pow (h : 1 < a) {n : ℕ} (hn : n ≠ 0) : 1 < a ^ n := one_lt_pow₀ h hn
theorem one_le_pow_of_one_le (h : 1 ≤ a) (n : ℕ) : 1 ≤ a ^ n := one_le_pow₀ h n
theorem pow_le_one₀ {n : ℕ} (ha : 0 ≤ a) (h : a ≤ 1) : a ^ n ≤ 1 := by
  have := pow_le_pow_left₀ ha h n; rwa [one_pow] at this
theorem pow_le_one (n : ℕ) (ha : 0 ≤ a) (h : a ≤ 1) : a ^ n ≤ 1 := pow_le_one₀ ha h
theorem pow_lt_one₀ (ha : 0 ≤ a) (h : a < 1) {n : ℕ} (hn : n ≠ 0) : a ^ n < 1 := by
  have := pow_lt_pow_left₀ h ha hn; rwa [one_pow] at this
theorem pow_le_pow_right₀ (h : 1 ≤ a) {m n : ℕ} (hmn : m ≤ n) : a ^ m ≤ a ^ n := by
  rw [← pow_mul_pow_sub a hmn]
  exact le_mul_of_one_le_right (pow_nonneg (le_trans zero_le_one h) m) (one_le_pow₀ h _)
theorem pow_le_pow_right (h : 1 ≤ a) {m n : ℕ} (hmn : m ≤ n) : a ^ m ≤ a ^ n := pow_le_pow_right₀ h hmn
theorem pow_lt_pow_right₀ (h : 1 < a) {m n : ℕ} (hmn : m < n) : a ^ m < a ^ n := by
  rw [← pow_mul_pow_sub a (Nat.le_of_lt hmn)]
  exact lt_mul_of_one_lt_right (pow_pos (lt_trans zero_lt_one h) m) (one_lt_pow₀ h (by omega))
theorem pow_lt_pow_right (h : 1 < a) {m n : ℕ} (hmn : m < n) : a ^ m < a ^ n := pow_lt_pow_right₀ h hmn
theorem pow_le_pow_iff_right₀ (h : 1 < a) {m n : ℕ} : a ^ m ≤ a ^ n ↔ m ≤ n :=
  ⟨fun k => Nat.not_lt.1 fun l => not_lt.2 k (pow_lt_pow_right₀ h l), pow_le_pow_right₀ (le_of_lt h)⟩
theorem pow_lt_pow_iff_right₀ (h : 1 < a) {m n : ℕ} : a ^ m < a ^ n ↔ m < n := by
  rw [← not_le, pow_le_pow_iff_right₀ h, Nat.not_le]
theorem pow_le_pow_iff_right (h : 1 < a) {m n : ℕ} : a ^ m ≤ a ^ n ↔ m ≤ n := pow_le_pow_iff_right₀ h
theorem pow_lt_pow_iff_right (h : 1 < a) {m n : ℕ} : a ^ m < a ^ n ↔ m < n := pow_lt_pow_iff_right₀ h
theorem pow_right_injective₀ (h : 1 < a) : Function.Injective (a ^ · : ℕ → α) := fun m n e => by
  rcases Nat.lt_trichotomy m n with k | k | k
  · exact absurd e (ne_of_lt (pow_lt_pow_right₀ h k))
  · exact k
  · exact absurd e (ne_of_gt (pow_lt_pow_right₀ h k))
theorem pow_right_strictMono₀ (h : 1 < a) : StrictMono (a ^ · : ℕ → α) := fun _ _ k => pow_lt_pow_right₀ h k
theorem pow_le_pow_of_le_one (ha : 0 ≤ a) (h : a ≤ 1) {m n : ℕ} (hmn : m ≤ n) : a ^ n ≤ a ^ m := by
  rw [← pow_mul_pow_sub a hmn]; exact mul_le_of_le_one_right (pow_nonneg ha m) (pow_le_one₀ ha h)
theorem pow_lt_self_of_lt_one (ha : 0 < a) (h : a < 1) {n : ℕ} (hn : 1 < n) : a ^ n < a := by
  obtain ⟨k, rfl⟩ : ∃ k, n = k + 1 + 1 := ⟨n - 2, by omega⟩
  rw [pow_succ]; exact mul_lt_of_lt_one_left ha (pow_lt_one₀ (le_of_lt ha) h (by omega))
theorem le_self_pow₀ (h : 1 ≤ a) {n : ℕ} (hn : n ≠ 0) : a ≤ a ^ n := by
  have := pow_le_pow_right₀ h (Nat.one_le_iff_ne_zero.2 hn); rwa [pow_one] at this
theorem sq_le_sq₀ (ha : 0 ≤ a) (hb : 0 ≤ b) : a ^ 2 ≤ b ^ 2 ↔ a ≤ b := pow_le_pow_iff_left₀ ha hb (by decide)
theorem sq_lt_sq₀ (ha : 0 ≤ a) (hb : 0 ≤ b) : a ^ 2 < b ^ 2 ↔ a < b := pow_lt_pow_iff_left₀ ha hb (by decide)
theorem sq_eq_sq₀ (ha : 0 ≤ a) (hb : 0 ≤ b) : a ^ 2 = b ^ 2 ↔ a = b := pow_left_inj₀ ha hb (by decide)
theorem sq_pos_of_pos (h : 0 < a) : 0 < a ^ 2 := pow_pos h 2
theorem pow_eq_one_iff_of_nonneg (ha : 0 ≤ a) {n : ℕ} (hn : n ≠ 0) : a ^ n = 1 ↔ a = 1 := by
  have := pow_left_inj₀ (b := 1) ha zero_le_one hn; rwa [one_pow] at this

end

section
variable {α : Type u} [Lean.Grind.CommRing α] [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] {a b c d : α}

theorem mul_nonpos_of_nonneg_of_nonpos (ha : 0 ≤ a) (hb : b ≤ 0) : a * b ≤ 0 := by
  have := mul_nonneg ha (neg_nonneg.2 hb); rwa [mul_neg, neg_nonneg] at this
theorem mul_nonpos_of_nonpos_of_nonneg (ha : a ≤ 0) (hb : 0 ≤ b) : a * b ≤ 0 := by
  rw [mul_comm]; exact mul_nonpos_of_nonneg_of_nonpos hb ha
theorem mul_neg_of_pos_of_neg (ha : 0 < a) (hb : b < 0) : a * b < 0 := by
  have := mul_pos ha (neg_pos.2 hb); rwa [mul_neg, neg_pos] at this
theorem mul_neg_of_neg_of_pos (ha : a < 0) (hb : 0 < b) : a * b < 0 := by
  rw [mul_comm]; exact mul_neg_of_pos_of_neg hb ha
theorem mul_pos_of_neg_of_neg (ha : a < 0) (hb : b < 0) : 0 < a * b := by
  have := mul_pos (neg_pos.2 ha) (neg_pos.2 hb); rwa [neg_mul_neg] at this
theorem mul_le_mul_of_nonpos_left (h : b ≤ a) (hc : c ≤ 0) : c * a ≤ c * b := by
  have := mul_le_mul_of_nonneg_left h (neg_nonneg.2 hc); rwa [neg_mul, neg_mul, neg_le_neg_iff] at this
theorem mul_le_mul_of_nonpos_right (h : b ≤ a) (hc : c ≤ 0) : a * c ≤ b * c := by
  rw [mul_comm a, mul_comm b]; exact mul_le_mul_of_nonpos_left h hc
theorem mul_lt_mul_of_neg_left (h : b < a) (hc : c < 0) : c * a < c * b := by
  have := mul_lt_mul_of_pos_left h (neg_pos.2 hc); rwa [neg_mul, neg_mul, neg_lt_neg_iff] at this
theorem mul_lt_mul_of_neg_right (h : b < a) (hc : c < 0) : a * c < b * c := by
  rw [mul_comm a, mul_comm b]; exact mul_lt_mul_of_neg_left h hc
theorem mul_pos_iff : 0 < a * b ↔ 0 < a ∧ 0 < b ∨ a < 0 ∧ b < 0 := by
  constructor
  · intro h
    rcases lt_trichotomy a 0 with ha | ha | ha
    · refine .inr ⟨ha, not_le.1 fun hb => not_le.2 h (mul_nonpos_of_nonpos_of_nonneg (le_of_lt ha) hb)⟩
    · rw [ha, zero_mul] at h; exact absurd h (lt_irrefl 0)
    · exact .inl ⟨ha, not_le.1 fun hb => not_le.2 h (mul_nonpos_of_nonneg_of_nonpos (le_of_lt ha) hb)⟩
  · rintro (h | h)
    · exact mul_pos h.1 h.2
    · exact mul_pos_of_neg_of_neg h.1 h.2
theorem mul_neg_iff : a * b < 0 ↔ 0 < a ∧ b < 0 ∨ a < 0 ∧ 0 < b := by
  rw [← neg_pos, ← mul_neg, mul_pos_iff, neg_pos, neg_lt_zero]
theorem mul_nonneg_iff : 0 ≤ a * b ↔ 0 ≤ a ∧ 0 ≤ b ∨ a ≤ 0 ∧ b ≤ 0 := by
  rw [← not_lt, mul_neg_iff]; grind
theorem mul_nonpos_iff : a * b ≤ 0 ↔ 0 ≤ a ∧ b ≤ 0 ∨ a ≤ 0 ∧ 0 ≤ b := by
  rw [← not_lt, mul_pos_iff]; grind
theorem mul_nonpos_of_nonneg_of_nonpos' (h : 0 ≤ a ∧ b ≤ 0 ∨ a ≤ 0 ∧ 0 ≤ b) : a * b ≤ 0 := mul_nonpos_iff.2 h
theorem mul_self_pos : 0 < a * a ↔ a ≠ 0 := by
  constructor
  · rintro h rfl; rw [mul_zero] at h; exact lt_irrefl 0 h
  · intro h; rcases lt_or_gt_of_ne h with k | k
    · exact mul_pos_of_neg_of_neg k k
    · exact mul_pos k k
theorem sq_pos_of_ne_zero (h : a ≠ 0) : 0 < a ^ 2 := by rw [pow_two]; exact mul_self_pos.2 h
theorem sq_pos_of_neg (h : a < 0) : 0 < a ^ 2 := sq_pos_of_ne_zero (ne_of_lt h)
theorem sq_pos_iff : 0 < a ^ 2 ↔ a ≠ 0 := by rw [pow_two, mul_self_pos]
theorem sq_pos' (h : a ≠ 0) : 0 < a ^ 2 := sq_pos_of_ne_zero h
theorem pow_two_pos_of_ne_zero (h : a ≠ 0) : 0 < a ^ 2 := sq_pos_of_ne_zero h
/-- An ordered ring has no zero divisors. -/
instance (priority := low) noZeroDivisorsOfOrder : NoZeroDivisors α := ⟨fun {a b} h => by
  by_cases ha : a = 0
  · exact .inl ha
  by_cases hb : b = 0
  · exact .inr hb
  exfalso
  have h₁ := mul_pos (mul_self_pos.2 ha) (mul_self_pos.2 hb)
  have : a * a * (b * b) = a * b * (a * b) := by grind
  rw [this, h, mul_zero] at h₁
  exact lt_irrefl 0 h₁⟩
theorem Even.pow_nonneg {n : ℕ} (h : Even n) (a : α) : 0 ≤ a ^ n := by
  obtain ⟨k, rfl⟩ := h; rw [pow_add]; exact mul_self_nonneg _
theorem Even.pow_pos {n : ℕ} (h : Even n) (ha : a ≠ 0) : 0 < a ^ n := by
  obtain ⟨k, rfl⟩ := h; rw [pow_add]; exact mul_self_pos.2 fun e => ha (pow_eq_zero e)
theorem pow_bit0_nonneg (a : α) (n : ℕ) : 0 ≤ a ^ (2 * n) := (even_two_mul n).pow_nonneg a
theorem Odd.pow_neg {n : ℕ} (h : Odd n) (ha : a < 0) : a ^ n < 0 := by
  obtain ⟨k, rfl⟩ := h
  rw [pow_succ]; exact mul_neg_of_pos_of_neg ((even_two_mul k).pow_pos (ne_of_lt ha)) ha
theorem Odd.pow_nonneg_iff {n : ℕ} (h : Odd n) : 0 ≤ a ^ n ↔ 0 ≤ a :=
  ⟨fun k => not_lt.1 fun l => not_lt.2 k (h.pow_neg l), fun k => _root_.pow_nonneg k n⟩
theorem one_add_mul_le_pow (h : -2 ≤ a) (n : ℕ) : 1 + (n : α) * a ≤ (1 + a) ^ n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    match n, ih with
    | 0, _ => rw [pow_zero, Lean.Grind.Semiring.natCast_zero]; grind
    | 1, _ => rw [pow_one, Lean.Grind.Semiring.natCast_one, one_mul]
    | n + 2, ih =>
      have h₁ := ih n (by omega)
      have h₂ := mul_le_mul_of_nonneg_right h₁ (sq_nonneg (1 + a))
      rw [← pow_add] at h₂
      refine le_trans ?_ h₂
      have e : (((n + 2 : ℕ) : α)) = (n : α) + 2 := by
        rw [Lean.Grind.Semiring.natCast_add]; grind
      have h₃ : 0 ≤ (a + 2) * (a * a) := mul_nonneg (by grind) (mul_self_nonneg a)
      have h₄ : 0 ≤ (n : α) * ((a + 2) * (a * a)) := mul_nonneg (natNonneg n) h₃
      have h₅ := mul_self_nonneg a
      rw [e]; grind
where
  natNonneg (n : ℕ) : 0 ≤ (n : α) := by
    induction n with
    | zero => rw [Lean.Grind.Semiring.natCast_zero]
    | succ n ih => rw [Lean.Grind.Semiring.natCast_succ]; exact add_nonneg ih zero_le_one

theorem four_mul_le_sq_add (a b : α) : 4 * a * b ≤ (a + b) ^ 2 := by have := sq_nonneg (a - b); grind
theorem two_mul_le_add_pow_two (a b : α) : 2 * a * b ≤ a ^ 2 + b ^ 2 := two_mul_le_add_sq a b
theorem add_sq_le_sq_mul_sq (a b : α) : (a + b) ^ 2 ≤ 2 * (a ^ 2 + b ^ 2) := by have := sq_nonneg (a - b); grind
theorem add_pow_le_pow_mul_pow_of_sq_le_sq (a b : α) : (a + b) ^ 2 ≤ 2 * (a ^ 2 + b ^ 2) := add_sq_le_sq_mul_sq a b
theorem abs_le_of_sq_le_sq' (h : a ^ 2 ≤ b ^ 2) (hb : 0 ≤ b) : -b ≤ a ∧ a ≤ b := by
  constructor
  · refine not_lt.1 fun k => not_lt.2 h ?_
    have := pow_lt_pow_left₀ (a := b) (b := -a) (by grind) hb (n := 2) (by decide)
    rwa [neg_sq] at this
  · exact le_of_pow_le_pow_left₀ (by decide) hb h
theorem sq_le_sq' (h : -b ≤ a) (h' : a ≤ b) : a ^ 2 ≤ b ^ 2 := by
  have := mul_nonneg (sub_nonneg.2 h') (show 0 ≤ b + a by grind); grind
theorem sq_lt_sq' (h : -b < a) (h' : a < b) : a ^ 2 < b ^ 2 := by
  have := mul_pos (sub_pos.2 h') (show 0 < b + a by grind); grind
theorem pow_le_pow_left_of_sq (h : a ^ 2 ≤ b ^ 2) (hb : 0 ≤ b) : a ≤ b := (abs_le_of_sq_le_sq' h hb).2
theorem le_of_sq_le_sq (h : a ^ 2 ≤ b ^ 2) (hb : 0 ≤ b) : a ≤ b := (abs_le_of_sq_le_sq' h hb).2
theorem sq_le_one_iff_of_ring : a ^ 2 ≤ 1 ↔ -1 ≤ a ∧ a ≤ 1 := by
  constructor
  · intro h; exact abs_le_of_sq_le_sq' (by rwa [one_pow]) zero_le_one
  · intro h; have := sq_le_sq' h.1 h.2; rwa [one_pow] at this

end

/-! ### Absolute values -/

section
variable {α : Type u} [Lean.Grind.CommRing α] [LE α] [LT α] [Max α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]
  [Lean.Grind.OrderedRing α] [Std.LawfulOrderSup α] {a b c d : α}

attribute [simp] abs_zero abs_neg abs_nonneg abs_eq_zero sq_abs abs_mul_self

theorem abs_mul (a b : α) : |a * b| = |a| * |b| := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rcases abs_cases b with ⟨h', k'⟩ | ⟨h', k'⟩ <;> rw [h, h']
  · exact abs_of_nonneg (mul_nonneg k k')
  · rw [mul_neg]; exact abs_of_nonpos (mul_nonpos_of_nonneg_of_nonpos k (le_of_lt k'))
  · rw [neg_mul]; exact abs_of_nonpos (mul_nonpos_of_nonpos_of_nonneg (le_of_lt k) k')
  · rw [neg_mul_neg]; exact abs_of_nonneg (le_of_lt (mul_pos_of_neg_of_neg k k'))
@[simp] theorem abs_one : |(1 : α)| = 1 := abs_of_nonneg zero_le_one
@[simp] theorem abs_two : |(2 : α)| = 2 := abs_of_nonneg zero_le_two
@[simp] theorem abs_abs (a : α) : |(|a|)| = |a| := abs_of_nonneg (abs_nonneg a)
@[simp] theorem abs_pos : 0 < |a| ↔ a ≠ 0 := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rw [h] <;> grind
theorem abs_pos_of_pos (h : 0 < a) : 0 < |a| := abs_pos.2 (ne_of_gt h)
theorem abs_ne_zero : |a| ≠ 0 ↔ a ≠ 0 := by rw [ne_eq, abs_eq_zero]
@[simp] theorem abs_nonpos_iff : |a| ≤ 0 ↔ a = 0 := by rw [← not_lt, abs_pos]; exact Classical.not_not
theorem abs_pow (a : α) (n : ℕ) : |a ^ n| = |a| ^ n := by
  induction n with
  | zero => rw [pow_zero, pow_zero, abs_one]
  | succ n ih => rw [pow_succ, pow_succ, abs_mul, ih]
theorem pow_abs (a : α) (n : ℕ) : |a| ^ n = |a ^ n| := (abs_pow a n).symm
theorem abs_sq (a : α) : |a ^ 2| = a ^ 2 := abs_of_nonneg (sq_nonneg a)
theorem abs_mul_abs_self (a : α) : |a| * |a| = a * a := abs_mul_self a
theorem abs_add (a b : α) : |a + b| ≤ |a| + |b| := abs_add_le a b
theorem abs_add_three (a b c : α) : |a + b + c| ≤ |a| + |b| + |c| :=
  le_trans (abs_add_le _ _) (add_le_add_right (abs_add_le a b) _)
theorem abs_sub (a b : α) : |a - b| ≤ |a| + |b| := by
  have := abs_add_le a (-b); rwa [abs_neg, ← sub_eq_add_neg] at this
theorem abs_sub_le (a b c : α) : |a - c| ≤ |a - b| + |b - c| := by
  have := abs_add_le (a - b) (b - c); rwa [sub_add_sub_cancel] at this
theorem abs_sub_abs_le_abs_sub (a b : α) : |a| - |b| ≤ |a - b| := by
  have := abs_add_le (a - b) b; rw [sub_add_cancel] at this; grind
theorem abs_abs_sub_abs_le_abs_sub (a b : α) : |(|a| - |b|)| ≤ |a - b| := by
  rw [abs_le]; have h := abs_sub_abs_le_abs_sub a b; have k := abs_sub_abs_le_abs_sub b a
  rw [abs_sub_comm b a] at k; exact ⟨by grind, h⟩
theorem abs_abs_sub_abs_le (a b : α) : |(|a| - |b|)| ≤ |a - b| := abs_abs_sub_abs_le_abs_sub a b
theorem abs_sub_lt_iff : |a - b| < c ↔ a - b < c ∧ b - a < c := by rw [abs_lt]; grind
theorem abs_sub_le_iff : |a - b| ≤ c ↔ a - b ≤ c ∧ b - a ≤ c := by rw [abs_le]; grind
theorem abs_sub_pos : 0 < |a - b| ↔ a ≠ b := by rw [abs_pos, sub_ne_zero]
theorem abs_le' : |a| ≤ b ↔ a ≤ b ∧ -a ≤ b := max_le_iff
theorem le_abs : a ≤ |b| ↔ a ≤ b ∨ a ≤ -b := le_max_iff
theorem lt_abs : a < |b| ↔ a < b ∨ a < -b := lt_max_iff
theorem le_abs' : a ≤ |b| ↔ b ≤ -a ∨ a ≤ b := by rw [le_abs]; grind
theorem abs_lt' : |a| < b ↔ a < b ∧ -a < b := max_lt_iff
theorem neg_le_abs_self (a : α) : -a ≤ |a| := neg_le_abs a
theorem neg_le_of_abs_le (h : |a| ≤ b) : -b ≤ a := (abs_le.1 h).1
theorem neg_lt_of_abs_lt (h : |a| < b) : -b < a := (abs_lt.1 h).1
theorem le_of_abs_le (h : |a| ≤ b) : a ≤ b := (abs_le.1 h).2
theorem lt_of_abs_lt (h : |a| < b) : a < b := (abs_lt.1 h).2
theorem abs_eq_self : |a| = a ↔ 0 ≤ a := ⟨fun h => h ▸ abs_nonneg a, abs_of_nonneg⟩
theorem abs_eq_neg_self : |a| = -a ↔ a ≤ 0 := ⟨fun h => neg_nonneg.1 (h ▸ abs_nonneg a), abs_of_nonpos⟩
theorem abs_choice (a : α) : |a| = a ∨ |a| = -a := max_choice a (-a)
theorem eq_or_eq_neg_of_abs_eq (h : |a| = b) : a = b ∨ a = -b := by
  rcases abs_choice a with e | e <;> grind
theorem abs_eq_abs : |a| = |b| ↔ a = b ∨ a = -b := by
  rcases abs_cases a with ⟨h, k⟩ | ⟨h, k⟩ <;> rcases abs_cases b with ⟨h', k'⟩ | ⟨h', k'⟩ <;> rw [h, h'] <;> grind
theorem abs_by_cases (P : α → Prop) (h : P a) (h' : P (-a)) : P |a| := by
  rcases abs_choice a with e | e <;> rwa [e]
theorem sq_le_sq : a ^ 2 ≤ b ^ 2 ↔ |a| ≤ |b| := by
  rw [← sq_abs a, ← sq_abs b, sq_le_sq₀ (abs_nonneg a) (abs_nonneg b)]
theorem sq_lt_sq : a ^ 2 < b ^ 2 ↔ |a| < |b| := by
  rw [← sq_abs a, ← sq_abs b, sq_lt_sq₀ (abs_nonneg a) (abs_nonneg b)]
theorem sq_eq_sq_iff_abs_eq_abs (a b : α) : a ^ 2 = b ^ 2 ↔ |a| = |b| := by
  rw [← sq_abs a, ← sq_abs b, sq_eq_sq₀ (abs_nonneg a) (abs_nonneg b)]
theorem abs_le_abs_of_sq_le_sq (h : a ^ 2 ≤ b ^ 2) : |a| ≤ |b| := sq_le_sq.1 h
theorem abs_le_of_sq_le_sq (h : a ^ 2 ≤ b ^ 2) (hb : 0 ≤ b) : |a| ≤ b := by
  rw [← abs_of_nonneg hb]; exact sq_le_sq.1 h
theorem abs_lt_of_sq_lt_sq (h : a ^ 2 < b ^ 2) (hb : 0 ≤ b) : |a| < b := by
  rw [← abs_of_nonneg hb]; exact sq_lt_sq.1 h
theorem abs_lt_of_sq_lt_sq' (h : a ^ 2 < b ^ 2) (hb : 0 ≤ b) : -b < a ∧ a < b := abs_lt.1 (abs_lt_of_sq_lt_sq h hb)
theorem abs_le_abs (h : a ≤ b) (h' : -a ≤ b) : |a| ≤ |b| := abs_le'.2 ⟨le_trans h (le_abs_self b), le_trans h' (le_abs_self b)⟩
theorem abs_le_one_iff_mul_self_le_one : |a| ≤ 1 ↔ a * a ≤ 1 := by
  rw [← pow_two, sq_le_one_iff_of_ring, abs_le]
theorem sq_le_one_iff_abs_le_one (a : α) : a ^ 2 ≤ 1 ↔ |a| ≤ 1 := by rw [sq_le_one_iff_of_ring, abs_le]
theorem abs_add_abs_nonneg (a b : α) : 0 ≤ |a| + |b| := add_nonneg (abs_nonneg a) (abs_nonneg b)
theorem max_eq_half_add_abs (a b : α) : 2 * max a b = a + b + |a - b| := by
  rcases le_total a b with h | h
  · rw [max_eq_right h, abs_of_nonpos (sub_nonpos.2 h)]; grind
  · rw [max_eq_left h, abs_of_nonneg (sub_nonneg.2 h)]; grind

end

theorem abs_dvd (a b : ℤ) : |a| ∣ b ↔ a ∣ b := by rcases abs_choice a with h | h <;> rw [h]; exact neg_dvd
theorem dvd_abs (a b : ℤ) : a ∣ |b| ↔ a ∣ b := by rcases abs_choice b with h | h <;> rw [h]; exact dvd_neg
theorem Int.natAbs_abs (a : ℤ) : |a|.natAbs = a.natAbs := by rw [Int.abs_eq_natAbs]; omega
theorem Int.natCast_natAbs (a : ℤ) : (a.natAbs : ℤ) = |a| := (Int.abs_eq_natAbs a).symm
theorem Int.one_le_abs {z : ℤ} (h : z ≠ 0) : 1 ≤ |z| := by rw [Int.abs_eq_natAbs]; omega
theorem Int.abs_lt_one_iff {a : ℤ} : |a| < 1 ↔ a = 0 := by rw [Int.abs_eq_natAbs]; omega
theorem Int.abs_le_one_iff {a : ℤ} : |a| ≤ 1 ↔ a = 0 ∨ a = 1 ∨ a = -1 := by rw [Int.abs_eq_natAbs]; omega
theorem Int.eq_zero_of_abs_lt_dvd {m x : ℤ} (h : m ∣ x) (h' : |x| < m) : x = 0 := by
  obtain ⟨k, rfl⟩ := h
  rw [abs_lt] at h'
  have hm : 0 < m := by omega
  have h₁ : -1 < k := lt_of_mul_lt_mul_left (a := m) (by omega) (by omega)
  have h₂ : k < 1 := lt_of_mul_lt_mul_left (a := m) (by omega) (by omega)
  have : k = 0 := by omega
  rw [this, mul_zero]
