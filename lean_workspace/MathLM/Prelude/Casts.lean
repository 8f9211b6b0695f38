import MathLM.Prelude.Fields

/-! Casts between numbers, and more lemmas of ℕ, ℤ and finite sums that proofs cite by name. -/

section
variable {R : Type u} [Lean.Grind.Semiring R]

theorem Nat.cast_zero : ((0 : ℕ) : R) = 0 := Lean.Grind.Semiring.natCast_zero
theorem Nat.cast_one : ((1 : ℕ) : R) = 1 := Lean.Grind.Semiring.natCast_one
theorem Nat.cast_add (m n : ℕ) : ((m + n : ℕ) : R) = m + n := Lean.Grind.Semiring.natCast_add m n
theorem Nat.cast_succ (n : ℕ) : ((n.succ : ℕ) : R) = n + 1 := Lean.Grind.Semiring.natCast_succ n
theorem Nat.cast_add_one (n : ℕ) : ((n + 1 : ℕ) : R) = n + 1 := Lean.Grind.Semiring.natCast_succ n
theorem Nat.cast_mul (m n : ℕ) : ((m * n : ℕ) : R) = m * n := Lean.Grind.Semiring.natCast_mul m n
theorem Nat.cast_pow (m n : ℕ) : ((m ^ n : ℕ) : R) = (m : R) ^ n := by
  induction n with
  | zero => rw [Nat.pow_zero, pow_zero, Nat.cast_one]
  | succ n ih => rw [Nat.pow_succ, Nat.cast_mul, ih, pow_succ]

end

theorem Nat.cast_sub {R : Type u} [Lean.Grind.Ring R] {m n : ℕ} (h : m ≤ n) : ((n - m : ℕ) : R) = n - m := by
  obtain ⟨k, rfl⟩ := Nat.exists_eq_add_of_le h
  rw [Nat.add_sub_cancel_left, Nat.cast_add, sub_eq_add_neg, add_comm, ← add_assoc, neg_add_cancel, zero_add]

section
variable {R : Type u} [Lean.Grind.CommSemiring R] [LE R] [LT R] [Std.IsLinearOrder R] [Std.LawfulOrderLT R]
  [Lean.Grind.OrderedRing R] {m n : ℕ}

theorem Nat.cast_nonneg (n : ℕ) : 0 ≤ (n : R) := by
  induction n with
  | zero => rw [Nat.cast_zero]
  | succ n ih => rw [Nat.cast_succ]; exact add_nonneg ih zero_le_one
theorem Nat.cast_add_one_pos (n : ℕ) : 0 < (n : R) + 1 := add_pos_of_nonneg_of_pos (Nat.cast_nonneg n) zero_lt_one
theorem Nat.cast_lt : (m : R) < n ↔ m < n := by
  have key : ∀ {m n : ℕ}, m < n → (m : R) < n := fun {m n} h => by
    obtain ⟨k, rfl⟩ := Nat.exists_eq_add_of_lt h
    rw [Nat.cast_succ, Nat.cast_add, add_assoc]
    exact lt_add_of_pos_right _ (Nat.cast_add_one_pos k)
  refine ⟨fun h => ?_, key⟩
  rcases Nat.lt_trichotomy m n with k | k | k
  · exact k
  · rw [k] at h; exact absurd h (lt_irrefl _)
  · exact absurd (lt_trans h (key k)) (lt_irrefl _)
theorem Nat.cast_le : (m : R) ≤ n ↔ m ≤ n := by rw [← not_lt, Nat.cast_lt, Nat.not_lt]
theorem Nat.cast_inj : (m : R) = n ↔ m = n := by rw [le_antisymm_iff, Nat.cast_le, Nat.cast_le, Nat.le_antisymm_iff]
theorem Nat.cast_injective : Function.Injective (fun n : ℕ => (n : R)) := fun _ _ h => Nat.cast_inj.1 h
theorem Nat.cast_pos : 0 < (n : R) ↔ 0 < n := by
  have := Nat.cast_lt (R := R) (m := 0) (n := n); rwa [Nat.cast_zero] at this
theorem Nat.cast_eq_zero : (n : R) = 0 ↔ n = 0 := by
  have := Nat.cast_inj (R := R) (m := n) (n := 0); rwa [Nat.cast_zero] at this
theorem Nat.cast_ne_zero : (n : R) ≠ 0 ↔ n ≠ 0 := by rw [ne_eq, Nat.cast_eq_zero]
theorem Nat.cast_add_one_ne_zero (n : ℕ) : (n : R) + 1 ≠ 0 := _root_.ne_of_gt (Nat.cast_add_one_pos n)
theorem Nat.one_le_cast : 1 ≤ (n : R) ↔ 1 ≤ n := by
  have := Nat.cast_le (R := R) (m := 1) (n := n); rwa [Nat.cast_one] at this

end

theorem Nat.cast_id (n : ℕ) : (Nat.cast n : ℕ) = n := rfl

/-! ### Functions and orders -/

theorem congr_arg {α : Sort u} {β : Sort v} {a b : α} (f : α → β) (h : a = b) : f a = f b := congrArg f h
theorem congr_fun {α : Sort u} {β : α → Sort v} {f g : (x : α) → β x} (h : f = g) (a : α) : f a = g a := congrFun h a
theorem Function.funext_iff {α : Sort u} {β : α → Sort v} {f g : (x : α) → β x} : f = g ↔ ∀ a, f a = g a :=
  _root_.funext_iff
theorem not_iff_not {a b : Prop} : (¬a ↔ ¬b) ↔ (a ↔ b) := by grind
theorem not_iff_comm {a b : Prop} : (¬a ↔ b) ↔ (¬b ↔ a) := by grind
theorem not_iff {a b : Prop} : ¬(a ↔ b) ↔ (¬a ↔ b) := by grind
theorem of_not_not {a : Prop} : ¬¬a → a := Classical.not_not.1
theorem not_not {a : Prop} : ¬¬a ↔ a := Classical.not_not
theorem dec_em (p : Prop) [Decidable p] : p ∨ ¬p := Decidable.em p
theorem existsUnique_of_exists_of_unique {α : Sort u} {p : α → Prop} (h : ∃ x, p x)
    (u : ∀ a b, p a → p b → a = b) : ∃! x, p x := exists_unique_of_exists_of_unique h u
def Xor' (a b : Prop) : Prop := a ∧ ¬b ∨ b ∧ ¬a
theorem xor_iff_not_iff (a b : Prop) : Xor' a b ↔ ¬(a ↔ b) := by unfold Xor'; grind
instance {a b : Prop} [Decidable a] [Decidable b] : Decidable (Xor' a b) := inferInstanceAs (Decidable (_ ∨ _))

section
variable {α : Type u} {β : Type v} [LE α] [LT α] [Std.IsLinearOrder α] [Std.LawfulOrderLT α]

def StrictMonoOn [LT β] (f : α → β) (s : Set α) : Prop := ∀ ⦃a⦄, a ∈ s → ∀ ⦃b⦄, b ∈ s → a < b → f a < f b
def MonotoneOn [LE β] (f : α → β) (s : Set α) : Prop := ∀ ⦃a⦄, a ∈ s → ∀ ⦃b⦄, b ∈ s → a ≤ b → f a ≤ f b
def AntitoneOn [LE β] (f : α → β) (s : Set α) : Prop := ∀ ⦃a⦄, a ∈ s → ∀ ⦃b⦄, b ∈ s → a ≤ b → f b ≤ f a
def StrictAntiOn [LT β] (f : α → β) (s : Set α) : Prop := ∀ ⦃a⦄, a ∈ s → ∀ ⦃b⦄, b ∈ s → a < b → f b < f a
theorem antitone_nat_of_succ_le {f : ℕ → α} (h : ∀ n, f (n + 1) ≤ f n) : Antitone f := by
  intro a b hab
  induction hab with
  | refl => exact le_rfl
  | step _ ih => exact le_trans (h _) ih
theorem strictAnti_nat_of_succ_lt {f : ℕ → α} (h : ∀ n, f (n + 1) < f n) : StrictAnti f := by
  intro a b hab
  induction hab with
  | refl => exact h a
  | step _ ih => exact lt_trans (h _) ih
theorem monotone_id : Monotone (id : α → α) := fun _ _ h => h
theorem strictMono_id : StrictMono (id : α → α) := fun _ _ h => h
theorem StrictMono.le_apply {f : ℕ → ℕ} (h : StrictMono f) {n : ℕ} : n ≤ f n := by
  induction n with
  | zero => exact Nat.zero_le _
  | succ n ih =>
    have : f n < f (n + 1) := h (Nat.lt_succ_self n)
    omega
theorem StrictMono.id_le {f : ℕ → ℕ} (h : StrictMono f) (n : ℕ) : n ≤ f n := h.le_apply

end

/-! ### Natural numbers -/

namespace Nat

theorem strong_induction_on {p : ℕ → Prop} (n : ℕ) (h : ∀ n, (∀ m, m < n → p m) → p n) : p n :=
  Nat.strongRecOn n h
theorem twoStepInduction {P : ℕ → Prop} (zero : P 0) (one : P 1) (more : ∀ n, P n → P (n + 1) → P (n + 2)) (n : ℕ) :
    P n := by
  have : P n ∧ P (n + 1) := by
    induction n with
    | zero => exact ⟨zero, one⟩
    | succ n ih => exact ⟨ih.2, more n ih.1 ih.2⟩
  exact this.1
theorem Prime.one_le {p : ℕ} (h : Prime p) : 1 ≤ p := h.pos
theorem Prime.not_dvd_one {p : ℕ} (h : Prime p) : ¬p ∣ 1 := fun d => h.ne_one (Nat.dvd_one.1 d)
theorem Prime.odd_of_ne_two {p : ℕ} (h : Prime p) (n : p ≠ 2) : Odd p := h.eq_two_or_odd'.resolve_left n
theorem Prime.even_iff {p : ℕ} (h : Prime p) : Even p ↔ p = 2 := by
  rcases h.eq_two_or_odd' with e | o
  · subst e; decide
  · rw [odd_iff] at o; rw [Nat.even_iff]; omega
theorem Prime.not_dvd_mul {p m n : ℕ} (h : Prime p) (hm : ¬p ∣ m) (hn : ¬p ∣ n) : ¬p ∣ m * n :=
  fun d => ((h.dvd_mul).1 d).elim hm hn
theorem Prime.dvd_iff_eq {p a : ℕ} (h : Prime p) (ha : a ≠ 1) : a ∣ p ↔ p = a :=
  ⟨fun d => ((h.2 a d).resolve_left ha).symm, fun e => e ▸ Nat.dvd_refl p⟩
theorem dvd_prime {p m : ℕ} (h : Prime p) : m ∣ p ↔ m = 1 ∨ m = p :=
  ⟨h.2 m, fun e => e.elim (fun e => e ▸ Nat.one_dvd p) fun e => e ▸ Nat.dvd_refl p⟩
theorem exists_infinite_primes (n : ℕ) : ∃ p, n ≤ p ∧ Prime p := by
  obtain ⟨p, hp, d⟩ := exists_prime_and_dvd (n := factorial n + 1) (by have := factorial_pos n; omega)
  refine ⟨p, Nat.not_lt.1 fun h => ?_, hp⟩
  have := (Nat.dvd_add_right (dvd_factorial hp.pos (by omega))).1 d
  exact hp.not_dvd_one this
theorem factorial_lt {m n : ℕ} (hn : 0 < n) : factorial n < factorial m ↔ n < m := by
  have key : ∀ {n m : ℕ}, 0 < n → n < m → factorial n < factorial m := fun {n m} hn h => by
    refine Nat.lt_of_lt_of_le ?_ (factorial_le h)
    rw [factorial_succ]
    have := factorial_pos n
    exact lt_mul_of_one_lt_left this (by omega)
  exact ⟨fun h => Nat.not_le.1 fun k => by have := factorial_le k; omega, key hn⟩
theorem sqrt_le_self (n : ℕ) : sqrt n ≤ n := by
  have := sqrt_le n
  rcases Nat.eq_zero_or_pos (sqrt n) with h | h
  · omega
  · exact Nat.le_trans (Nat.le_mul_of_pos_left _ h) this
theorem sqrt_le_sqrt {m n : ℕ} (h : m ≤ n) : sqrt m ≤ sqrt n := le_sqrt.2 (Nat.le_trans (sqrt_le m) h)
theorem le_sqrt' {m n : ℕ} : m ≤ sqrt n ↔ m ^ 2 ≤ n := by rw [Nat.pow_two, le_sqrt]
theorem sqrt_lt' {m n : ℕ} : sqrt m < n ↔ m < n ^ 2 := by rw [Nat.pow_two, sqrt_lt]
theorem ModEq.sub_cancel_right {n a b c : ℕ} (h : a + c ≡ b + c [MOD n]) : a ≡ b [MOD n] := by
  rw [modEq_iff_dvd] at h ⊢; have e : ((b + c : ℕ) : ℤ) - (a + c : ℕ) = b - a := by omega
  rwa [e] at h
theorem ModEq.add_right_cancel' {n a b : ℕ} (c : ℕ) (h : a + c ≡ b + c [MOD n]) : a ≡ b [MOD n] := h.sub_cancel_right
theorem ModEq.add_left_cancel' {n a b : ℕ} (c : ℕ) (h : c + a ≡ c + b [MOD n]) : a ≡ b [MOD n] := by
  rw [Nat.add_comm c, Nat.add_comm c] at h; exact h.sub_cancel_right
theorem ModEq.dvd {n a b : ℕ} : a ≡ b [MOD n] → (n : ℤ) ∣ b - a := modEq_iff_dvd.1
theorem modEq_one {a b : ℕ} : a ≡ b [MOD 1] := by unfold ModEq; rw [Nat.mod_one, Nat.mod_one]
theorem ModEq.comm {n a b : ℕ} : a ≡ b [MOD n] ↔ b ≡ a [MOD n] := ⟨ModEq.symm, ModEq.symm⟩
theorem ModEq.eq_of_lt_of_lt {n a b : ℕ} (h : a ≡ b [MOD n]) (ha : a < n) (hb : b < n) : a = b := by
  unfold ModEq at h; rwa [Nat.mod_eq_of_lt ha, Nat.mod_eq_of_lt hb] at h
theorem succ_injective : Function.Injective succ := fun _ _ h => by omega
theorem pow_left_injective {n : ℕ} (h : n ≠ 0) : Function.Injective (fun m : ℕ => m ^ n) := fun a b e =>
  (pow_left_inj₀ (Nat.zero_le a) (Nat.zero_le b) h).1 e

end Nat

namespace Int

theorem ModEq.dvd {n a b : ℤ} : a ≡ b [ZMOD n] → n ∣ b - a := modEq_iff_dvd.1
theorem ModEq.eq {n a b : ℤ} : a ≡ b [ZMOD n] → a % n = b % n := id
theorem ModEq.neg {n a b : ℤ} (h : a ≡ b [ZMOD n]) : -a ≡ -b [ZMOD n] := by
  have := (ModEq.refl (n := n) 0).sub h; rwa [Int.zero_sub, Int.zero_sub] at this
theorem ModEq.sub_left {n a b : ℤ} (c : ℤ) (h : a ≡ b [ZMOD n]) : c - a ≡ c - b [ZMOD n] := (ModEq.refl c).sub h
theorem ModEq.sub_right {n a b : ℤ} (c : ℤ) (h : a ≡ b [ZMOD n]) : a - c ≡ b - c [ZMOD n] := h.sub (ModEq.refl c)
theorem modEq_of_dvd {n a b : ℤ} : n ∣ b - a → a ≡ b [ZMOD n] := modEq_iff_dvd.2
theorem mod_modEq (a n : ℤ) : a % n ≡ a [ZMOD n] := Int.emod_emod a n

end Int

/-! ### Sums -/

namespace Finset
section
variable {ι : Type u} {κ : Type v} {M : Type w} [AddCommMonoid M]

theorem sum_comm {s : Finset ι} {t : Finset κ} {f : ι → κ → M} :
    ∑ x ∈ s, ∑ y ∈ t, f x y = ∑ y ∈ t, ∑ x ∈ s, f x y := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (sum_const_zero).symm
  | insert n ih =>
    rw [sum_insert n, ih, ← sum_add_distrib]
    exact sum_congr rfl fun y _ => (sum_insert (f := fun x => f x y) n).symm
theorem sum_range_succ_comm (f : ℕ → M) (n : ℕ) : ∑ x ∈ range (n + 1), f x = f n + ∑ x ∈ range n, f x := by
  rw [sum_range_succ, AddCommMonoid.add_comm]
theorem sum_pair [DecidableEq ι] {f : ι → M} {a b : ι} (h : a ≠ b) : ∑ x ∈ ({a, b} : Finset ι), f x = f a + f b := by
  rw [sum_insert (by simpa using h), sum_singleton]

end

section
variable {ι : Type u} {R : Type v} [Lean.Grind.CommRing R] {s : Finset ι} {f g : ι → R}

theorem sum_sub_distrib (f g : ι → R) : ∑ i ∈ s, (f i - g i) = ∑ i ∈ s, f i - ∑ i ∈ s, g i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (sub_self (0 : R)).symm
  | insert n ih => rw [sum_insert n, sum_insert n, sum_insert n, ih]; grind
theorem sum_neg_distrib : ∑ i ∈ s, -f i = -∑ i ∈ s, f i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (neg_zero (α := R)).symm
  | insert n ih => rw [sum_insert n, sum_insert n, ih]; grind
theorem sum_range_sub (f : ℕ → R) (n : ℕ) : ∑ i ∈ range n, (f (i + 1) - f i) = f n - f 0 := by
  induction n with
  | zero => exact (sub_self (f 0)).symm
  | succ n ih => rw [sum_range_succ, ih]; grind
theorem sum_div {K : Type v} [Lean.Grind.Field K] (s : Finset ι) (f : ι → K) (a : K) :
    (∑ i ∈ s, f i) / a = ∑ i ∈ s, f i / a := by
  rw [div_eq_mul_inv, sum_mul]; exact sum_congr rfl fun i _ => (div_eq_mul_inv _ _).symm
theorem _root_.geom_sum_mul (x : R) (n : ℕ) : (∑ i ∈ range n, x ^ i) * (x - 1) = x ^ n - 1 := by
  induction n with
  | zero => rw [sum_range_zero, pow_zero]; grind
  | succ n ih => rw [sum_range_succ, add_mul, ih, pow_succ]; grind
theorem _root_.geom_sum_eq {K : Type v} [Lean.Grind.Field K] {x : K} (h : x ≠ 1) (n : ℕ) :
    ∑ i ∈ range n, x ^ i = (x ^ n - 1) / (x - 1) := by
  rw [eq_div_iff (sub_ne_zero.2 h), geom_sum_mul]

end

section
variable {ι : Type u} {R : Type v} [Lean.Grind.CommSemiring R] [LE R] [LT R] [Std.IsLinearOrder R]
  [Std.LawfulOrderLT R] [Lean.Grind.OrderedRing R] {s : Finset ι} {f : ι → R}

theorem sum_nonneg (h : ∀ i, i ∈ s → 0 ≤ f i) : 0 ≤ ∑ i ∈ s, f i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact le_rfl
  | insert n ih =>
    rw [sum_insert n]
    exact add_nonneg (h _ (mem_insert_self _ _)) (ih fun i hi => h i (mem_insert_of_mem hi))
theorem prod_nonneg (h : ∀ i, i ∈ s → 0 ≤ f i) : 0 ≤ ∏ i ∈ s, f i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact zero_le_one
  | insert n ih =>
    rw [prod_insert n]
    exact mul_nonneg (h _ (mem_insert_self _ _)) (ih fun i hi => h i (mem_insert_of_mem hi))

end

theorem prod_range_add_one_eq_factorial (n : ℕ) : ∏ x ∈ range n, (x + 1) = n.factorial := by
  induction n with
  | zero => rfl
  | succ n ih => rw [prod_range_succ, ih, Nat.factorial_succ, Nat.mul_comm]
theorem card_pos {α : Type u} {s : Finset α} : 0 < s.card ↔ s.Nonempty := by
  rw [Nat.pos_iff_ne_zero, ne_eq, card_eq_zero, eq_empty_iff_forall_notMem]
  exact Classical.not_forall_not
theorem card_filter_le {α : Type u} (s : Finset α) (p : α → Prop) [DecidablePred p] : (s.filter p).card ≤ s.card :=
  card_le_card (filter_subset p s)
theorem card_insert_of_not_mem {α : Type u} [DecidableEq α] {s : Finset α} {a : α} (h : ¬a ∈ s) :
    (Insert.insert a s).card = s.card + 1 := card_insert_of_notMem h
theorem not_mem_empty {α : Type u} (a : α) : ¬a ∈ (∅ : Finset α) := notMem_empty a
theorem range_mono : Monotone range := fun _ _ h => range_subset.2 h
theorem nonempty_range_iff {n : ℕ} : (range n).Nonempty ↔ n ≠ 0 := by rw [← card_pos, card_range]; omega

end Finset
