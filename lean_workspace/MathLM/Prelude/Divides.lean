import MathLM.Prelude.Rings

/-! Divisibility in any commutative (semi)ring, casts, parity in general. -/

attribute [instance low] Lean.Grind.Semiring.natCast Lean.Grind.Ring.intCast

/-- On ℕ and ℤ this is core's relation. -/
instance (priority := low) semiringDvd {α : Type u} [Lean.Grind.Semiring α] : Dvd α := ⟨fun a b => ∃ c, b = a * c⟩

section
variable {α : Type u} [Lean.Grind.CommSemiring α] {a b c d : α}

theorem dvd_def : a ∣ b ↔ ∃ c, b = a * c := Iff.rfl
theorem Dvd.intro (k : α) (h : a * k = b) : a ∣ b := ⟨k, h.symm⟩
theorem Dvd.intro_left (k : α) (h : k * a = b) : a ∣ b := ⟨k, by rw [mul_comm, h]⟩
theorem dvd_iff_exists_eq_mul_right : a ∣ b ↔ ∃ c, b = a * c := Iff.rfl
theorem dvd_iff_exists_eq_mul_left : a ∣ b ↔ ∃ c, b = c * a :=
  ⟨fun ⟨c, h⟩ => ⟨c, by rw [h, mul_comm]⟩, fun ⟨c, h⟩ => ⟨c, by rw [h, mul_comm]⟩⟩
theorem exists_eq_mul_right_of_dvd (h : a ∣ b) : ∃ c, b = a * c := h
theorem exists_eq_mul_left_of_dvd (h : a ∣ b) : ∃ c, b = c * a := dvd_iff_exists_eq_mul_left.1 h
@[refl] theorem dvd_refl (a : α) : a ∣ a := ⟨1, (mul_one a).symm⟩
theorem dvd_rfl : a ∣ a := dvd_refl a
theorem dvd_of_eq (h : a = b) : a ∣ b := h ▸ dvd_refl a
theorem Eq.dvd (h : a = b) : a ∣ b := dvd_of_eq h
theorem dvd_trans (h : a ∣ b) (h' : b ∣ c) : a ∣ c := by
  obtain ⟨k, rfl⟩ := h
  obtain ⟨l, rfl⟩ := h'
  exact ⟨k * l, mul_assoc a k l⟩
theorem Dvd.dvd.trans (h : a ∣ b) (h' : b ∣ c) : a ∣ c := dvd_trans h h'
theorem dvd_mul_right (a b : α) : a ∣ a * b := ⟨b, rfl⟩
theorem dvd_mul_left (a b : α) : a ∣ b * a := ⟨b, mul_comm b a⟩
theorem dvd_mul_of_dvd_left (h : a ∣ b) (c : α) : a ∣ b * c := dvd_trans h (dvd_mul_right b c)
theorem dvd_mul_of_dvd_right (h : a ∣ b) (c : α) : a ∣ c * b := dvd_trans h (dvd_mul_left b c)
theorem Dvd.dvd.mul_right (h : a ∣ b) (c : α) : a ∣ b * c := dvd_mul_of_dvd_left h c
theorem Dvd.dvd.mul_left (h : a ∣ b) (c : α) : a ∣ c * b := dvd_mul_of_dvd_right h c
theorem dvd_of_mul_right_dvd (h : a * b ∣ c) : a ∣ c := dvd_trans (dvd_mul_right a b) h
theorem dvd_of_mul_left_dvd (h : a * b ∣ c) : b ∣ c := dvd_trans (dvd_mul_left b a) h
theorem mul_dvd_mul (h : a ∣ b) (h' : c ∣ d) : a * c ∣ b * d := by
  obtain ⟨k, rfl⟩ := h
  obtain ⟨l, rfl⟩ := h'
  exact ⟨k * l, mul_mul_mul_comm a k c l⟩
theorem mul_dvd_mul_left (a : α) (h : b ∣ c) : a * b ∣ a * c := mul_dvd_mul (dvd_refl a) h
theorem mul_dvd_mul_right (h : a ∣ b) (c : α) : a * c ∣ b * c := mul_dvd_mul h (dvd_refl c)
@[simp] theorem dvd_zero (a : α) : a ∣ 0 := ⟨0, (mul_zero a).symm⟩
@[simp] theorem zero_dvd_iff : 0 ∣ a ↔ a = 0 :=
  ⟨fun ⟨c, h⟩ => by rw [h, zero_mul], fun h => by rw [h]⟩
theorem eq_zero_of_zero_dvd (h : 0 ∣ a) : a = 0 := zero_dvd_iff.1 h
@[simp] theorem one_dvd (a : α) : 1 ∣ a := ⟨a, (one_mul a).symm⟩
theorem dvd_add (h : a ∣ b) (h' : a ∣ c) : a ∣ b + c := by
  obtain ⟨k, rfl⟩ := h
  obtain ⟨l, rfl⟩ := h'
  exact ⟨k + l, (mul_add a k l).symm⟩
theorem Dvd.dvd.add (h : a ∣ b) (h' : a ∣ c) : a ∣ b + c := dvd_add h h'
theorem dvd_pow (h : a ∣ b) {n : ℕ} (hn : n ≠ 0) : a ∣ b ^ n := by
  cases n with
  | zero => exact absurd rfl hn
  | succ n => rw [pow_succ]; exact dvd_mul_of_dvd_right h _
theorem dvd_pow_self (a : α) {n : ℕ} (hn : n ≠ 0) : a ∣ a ^ n := dvd_pow (dvd_refl a) hn
theorem pow_dvd_pow (a : α) {m n : ℕ} (h : m ≤ n) : a ^ m ∣ a ^ n := ⟨a ^ (n - m), (pow_mul_pow_sub a h).symm⟩
theorem pow_dvd_pow_of_dvd (h : a ∣ b) (n : ℕ) : a ^ n ∣ b ^ n := by
  obtain ⟨k, rfl⟩ := h; exact ⟨k ^ n, mul_pow a k n⟩
theorem dvd_mul_right_of_dvd (h : a ∣ b) (c : α) : a ∣ b * c := dvd_mul_of_dvd_left h c
theorem dvd_mul_left_of_dvd (h : a ∣ b) (c : α) : a ∣ c * b := dvd_mul_of_dvd_right h c
theorem mul_dvd_mul_iff_left [IsCancelMulZero α] (ha : a ≠ 0) : a * b ∣ a * c ↔ b ∣ c :=
  ⟨fun ⟨k, h⟩ => ⟨k, mul_left_cancel₀ ha (by rw [h, mul_assoc])⟩, mul_dvd_mul_left a⟩
theorem mul_dvd_mul_iff_right [IsCancelMulZero α] (hc : c ≠ 0) : a * c ∣ b * c ↔ a ∣ b := by
  rw [mul_comm a, mul_comm b, mul_dvd_mul_iff_left hc]

end

section
variable {α : Type u} [Lean.Grind.CommRing α] {a b c d : α}

@[simp] theorem dvd_neg : a ∣ -b ↔ a ∣ b :=
  ⟨fun ⟨k, h⟩ => ⟨-k, by rw [mul_neg, ← h, neg_neg]⟩, fun ⟨k, h⟩ => ⟨-k, by rw [h, mul_neg]⟩⟩
@[simp] theorem neg_dvd : -a ∣ b ↔ a ∣ b :=
  ⟨fun ⟨k, h⟩ => ⟨-k, by rw [h]; grind⟩, fun ⟨k, h⟩ => ⟨-k, by rw [h]; grind⟩⟩
theorem dvd_sub (h : a ∣ b) (h' : a ∣ c) : a ∣ b - c := by rw [sub_eq_add_neg]; exact dvd_add h (dvd_neg.2 h')
theorem Dvd.dvd.sub (h : a ∣ b) (h' : a ∣ c) : a ∣ b - c := dvd_sub h h'
theorem dvd_add_right (h : a ∣ b) : a ∣ b + c ↔ a ∣ c :=
  ⟨fun k => by have := dvd_sub k h; rwa [add_sub_cancel_left] at this, dvd_add h⟩
theorem dvd_add_left (h : a ∣ c) : a ∣ b + c ↔ a ∣ b := by rw [add_comm, dvd_add_right h]
theorem dvd_sub_right (h : a ∣ b) : a ∣ b - c ↔ a ∣ c := by rw [sub_eq_add_neg, dvd_add_right h, dvd_neg]
theorem dvd_sub_left (h : a ∣ c) : a ∣ b - c ↔ a ∣ b := by rw [sub_eq_add_neg, dvd_add_left (dvd_neg.2 h)]
theorem dvd_sub_comm : a ∣ b - c ↔ a ∣ c - b := by rw [← dvd_neg, neg_sub]
theorem dvd_add_self_right : a ∣ b + a ↔ a ∣ b := dvd_add_left (dvd_refl a)
theorem dvd_add_self_left : a ∣ a + b ↔ a ∣ b := dvd_add_right (dvd_refl a)
theorem dvd_iff_dvd_of_dvd_sub (h : a ∣ b - c) : a ∣ b ↔ a ∣ c := by
  rw [← dvd_add_right (c := c) h, sub_add_cancel]
theorem sub_one_dvd_pow_sub_one (a : α) (n : ℕ) : a - 1 ∣ a ^ n - 1 := by
  have := sub_dvd_pow_sub_pow' a 1 n; rwa [one_pow] at this
where
  sub_dvd_pow_sub_pow' (a b : α) (n : ℕ) : a - b ∣ a ^ n - b ^ n := by
    induction n with
    | zero => rw [pow_zero, pow_zero, sub_self]; exact ⟨0, (mul_zero _).symm⟩
    | succ n ih =>
      obtain ⟨k, hk⟩ := ih
      exact ⟨a ^ n + b * k, by rw [pow_succ, pow_succ]; grind⟩
theorem sub_dvd_pow_sub_pow (a b : α) (n : ℕ) : a - b ∣ a ^ n - b ^ n :=
  sub_one_dvd_pow_sub_one.sub_dvd_pow_sub_pow' a b n
theorem Odd.add_dvd_pow_add_pow (a b : α) {n : ℕ} (h : Odd n) : a + b ∣ a ^ n + b ^ n := by
  obtain ⟨k, rfl⟩ := h
  have e := sub_dvd_pow_sub_pow a (-b) (2 * k + 1)
  have : (-b) ^ (2 * k + 1) = -b ^ (2 * k + 1) := by rw [pow_succ, pow_mul, neg_sq, ← pow_mul, mul_neg, ← pow_succ]
  rwa [this, sub_neg_eq_add, sub_neg_eq_add] at e

end

theorem Nat.sub_dvd_pow_sub_pow (x y n : ℕ) : x - y ∣ x ^ n - y ^ n := by
  rcases Nat.le_total y x with h | h
  · have h' : y ^ n ≤ x ^ n := Nat.pow_le_pow_left h n
    have := _root_.sub_dvd_pow_sub_pow (x : ℤ) y n
    rw [← Int.natCast_dvd_natCast, Int.natCast_sub h, Int.natCast_sub h', Int.natCast_pow, Int.natCast_pow]
    exact this
  · rw [Nat.sub_eq_zero_of_le h, Nat.sub_eq_zero_of_le (Nat.pow_le_pow_left h n)]
theorem nat_sub_dvd_pow_sub_pow (x y n : ℕ) : x - y ∣ x ^ n - y ^ n := Nat.sub_dvd_pow_sub_pow x y n
theorem Odd.nat_add_dvd_pow_add_pow (x y : ℕ) {n : ℕ} (h : Odd n) : x + y ∣ x ^ n + y ^ n := by
  have := Odd.add_dvd_pow_add_pow (x : ℤ) y h
  rw [← Int.natCast_dvd_natCast, Int.natCast_add, Int.natCast_add, Int.natCast_pow, Int.natCast_pow]
  exact this

theorem Nat.dvd_sub' {k m n : ℕ} (h : k ∣ m) (h' : k ∣ n) : k ∣ m - n := Nat.dvd_sub h h'
theorem dvd_sub' {k m n : ℕ} (h : k ∣ m) (h' : k ∣ n) : k ∣ m - n := Nat.dvd_sub h h'
theorem dvd_antisymm {a b : ℕ} (h : a ∣ b) (h' : b ∣ a) : a = b := Nat.dvd_antisymm h h'

/-- Bézout: some combination of the two is one. -/
def IsCoprime {α : Type u} [Lean.Grind.CommSemiring α] (x y : α) : Prop := ∃ a b, a * x + b * y = 1

theorem IsCoprime.symm {α : Type u} [Lean.Grind.CommSemiring α] {x y : α} : IsCoprime x y → IsCoprime y x
  | ⟨a, b, h⟩ => ⟨b, a, by rw [add_comm, h]⟩

/-- A unit: something multiplied with it is one (Mathlib asks for an element of its group of units). -/
def IsUnit {α : Type u} [Lean.Grind.CommSemiring α] (a : α) : Prop := ∃ b, a * b = 1

/-! ### Parity in any (semi)ring -/

section
variable {α : Type u} [Lean.Grind.CommSemiring α] {a b : α}

theorem even_iff_exists_two_mul : Even a ↔ ∃ b, a = 2 * b :=
  ⟨fun ⟨r, h⟩ => ⟨r, by rw [h, two_mul]⟩, fun ⟨r, h⟩ => ⟨r, by rw [h, two_mul]⟩⟩
theorem even_iff_exists_two_nsmul : Even a ↔ ∃ b, a = 2 * b := even_iff_exists_two_mul
theorem odd_iff_exists_bit1 : Odd a ↔ ∃ b, a = 2 * b + 1 := Iff.rfl
@[simp] theorem even_zero : Even (0 : α) := ⟨0, (add_zero 0).symm⟩
theorem Even.zero : Even (0 : α) := even_zero
theorem even_two : Even (2 : α) := ⟨1, one_add_one_eq_two.symm⟩
@[simp] theorem odd_one : Odd (1 : α) := ⟨0, by grind⟩
theorem even_add_self (a : α) : Even (a + a) := ⟨a, rfl⟩
theorem even_two_mul (a : α) : Even (2 * a) := ⟨a, two_mul a⟩
theorem odd_two_mul_add_one (a : α) : Odd (2 * a + 1) := ⟨a, rfl⟩
theorem Even.add (ha : Even a) (hb : Even b) : Even (a + b) := by
  obtain ⟨x, rfl⟩ := ha; obtain ⟨y, rfl⟩ := hb; exact ⟨x + y, by grind⟩
theorem Even.add_odd (ha : Even a) (hb : Odd b) : Odd (a + b) := by
  obtain ⟨x, rfl⟩ := ha; obtain ⟨y, rfl⟩ := hb; exact ⟨x + y, by grind⟩
theorem Odd.add_even (ha : Odd a) (hb : Even b) : Odd (a + b) := by rw [add_comm]; exact hb.add_odd ha
theorem Odd.add_odd (ha : Odd a) (hb : Odd b) : Even (a + b) := by
  obtain ⟨x, rfl⟩ := ha; obtain ⟨y, rfl⟩ := hb; exact ⟨x + y + 1, by grind⟩
theorem Even.add_one (h : Even a) : Odd (a + 1) := h.add_odd odd_one
theorem Odd.add_one (h : Odd a) : Even (a + 1) := h.add_odd odd_one
theorem Even.mul_left (h : Even a) (b : α) : Even (b * a) := by obtain ⟨x, rfl⟩ := h; exact ⟨b * x, by grind⟩
theorem Even.mul_right (h : Even a) (b : α) : Even (a * b) := by rw [mul_comm]; exact h.mul_left b
theorem Odd.mul (ha : Odd a) (hb : Odd b) : Odd (a * b) := by
  obtain ⟨x, rfl⟩ := ha; obtain ⟨y, rfl⟩ := hb; exact ⟨2 * x * y + x + y, by grind⟩
theorem Odd.pow (h : Odd a) {n : ℕ} : Odd (a ^ n) := by
  induction n with
  | zero => rw [pow_zero]; exact odd_one
  | succ n ih => rw [pow_succ]; exact ih.mul h
theorem Even.pow_of_ne_zero (h : Even a) {n : ℕ} (hn : n ≠ 0) : Even (a ^ n) := by
  cases n with
  | zero => exact absurd rfl hn
  | succ n => rw [pow_succ]; exact h.mul_left _

end

section
variable {α : Type u} [Lean.Grind.CommRing α] {a b : α}

theorem Even.neg (h : Even a) : Even (-a) := by obtain ⟨x, rfl⟩ := h; exact ⟨-x, by grind⟩
theorem Odd.neg (h : Odd a) : Odd (-a) := by obtain ⟨x, rfl⟩ := h; exact ⟨-x - 1, by grind⟩
@[simp] theorem even_neg : Even (-a) ↔ Even a := ⟨fun h => by have := h.neg; rwa [neg_neg] at this, Even.neg⟩
@[simp] theorem odd_neg : Odd (-a) ↔ Odd a := ⟨fun h => by have := h.neg; rwa [neg_neg] at this, Odd.neg⟩
theorem Even.sub (ha : Even a) (hb : Even b) : Even (a - b) := by rw [sub_eq_add_neg]; exact ha.add hb.neg
theorem Odd.sub_odd (ha : Odd a) (hb : Odd b) : Even (a - b) := by rw [sub_eq_add_neg]; exact ha.add_odd hb.neg
theorem Odd.sub_even (ha : Odd a) (hb : Even b) : Odd (a - b) := by rw [sub_eq_add_neg]; exact ha.add_even hb.neg
theorem Even.sub_odd (ha : Even a) (hb : Odd b) : Odd (a - b) := by rw [sub_eq_add_neg]; exact ha.add_odd hb.neg
theorem Even.neg_pow {n : ℕ} (h : Even n) (a : α) : (-a) ^ n = a ^ n := by
  obtain ⟨k, rfl⟩ := h; rw [← Nat.two_mul, pow_mul, pow_mul, neg_sq]
theorem Even.neg_one_pow {n : ℕ} (h : Even n) : (-1 : α) ^ n = 1 := by rw [h.neg_pow, one_pow]
theorem Odd.neg_pow {n : ℕ} (h : Odd n) (a : α) : (-a) ^ n = -a ^ n := by
  obtain ⟨k, rfl⟩ := h; rw [pow_succ, (even_two_mul k).neg_pow, pow_succ, mul_neg]
theorem Odd.neg_one_pow {n : ℕ} (h : Odd n) : (-1 : α) ^ n = -1 := by rw [h.neg_pow, one_pow]

end

theorem not_even_iff_odd {n : ℕ} : ¬Even n ↔ Odd n := Nat.not_even_iff_odd

theorem Odd.pos {n : ℕ} (h : Odd n) : 0 < n := by rw [Nat.odd_iff] at h; omega
theorem Odd.not_two_dvd_nat {n : ℕ} (h : Odd n) : ¬2 ∣ n := by rw [Nat.odd_iff] at h; omega
theorem Odd.of_mul_left {m n : ℕ} (h : Odd (m * n)) : Odd m := by
  rw [← Nat.not_even_iff_odd] at h ⊢; exact fun k => h (k.mul_right n)
theorem Odd.of_mul_right {m n : ℕ} (h : Odd (m * n)) : Odd n := by
  rw [← Nat.not_even_iff_odd] at h ⊢; exact fun k => h (k.mul_left m)

namespace Nat
theorem odd_mul {m n : ℕ} : Odd (m * n) ↔ Odd m ∧ Odd n := ⟨fun h => ⟨h.of_mul_left, h.of_mul_right⟩, fun h => h.1.mul h.2⟩
theorem even_pow {m n : ℕ} : Even (m ^ n) ↔ Even m ∧ n ≠ 0 := by
  induction n with
  | zero => simp [even_iff]
  | succ n ih => rw [Nat.pow_succ, even_mul, ih]; grind
theorem even_pow' {m n : ℕ} (h : n ≠ 0) : Even (m ^ n) ↔ Even m := even_pow.trans ⟨And.left, fun k => ⟨k, h⟩⟩
theorem odd_pow {m n : ℕ} : Odd (m ^ n) ↔ Odd m ∨ n = 0 := by
  rw [← not_even_iff_odd, ← not_even_iff_odd, even_pow]; grind
theorem even_sub {m n : ℕ} (h : n ≤ m) : Even (m - n) ↔ (Even m ↔ Even n) := by simp only [even_iff]; omega
theorem even_sub' {m n : ℕ} (h : n ≤ m) : Even (m - n) ↔ (Odd m ↔ Odd n) := by simp only [even_iff, odd_iff]; omega
theorem even_add' {m n : ℕ} : Even (m + n) ↔ (Odd m ↔ Odd n) := by simp only [even_iff, odd_iff]; omega
theorem odd_add {m n : ℕ} : Odd (m + n) ↔ (Odd m ↔ Even n) := by simp only [even_iff, odd_iff]; omega
theorem odd_add' {m n : ℕ} : Odd (m + n) ↔ (Odd n ↔ Even m) := by simp only [even_iff, odd_iff]; omega
theorem odd_sub {m n : ℕ} (h : n ≤ m) : Odd (m - n) ↔ (Odd m ↔ Even n) := by simp only [even_iff, odd_iff]; omega
theorem odd_add_one {n : ℕ} : Odd (n + 1) ↔ ¬Odd n := by simp only [odd_iff]; omega
theorem even_or_odd' (n : ℕ) : ∃ k, n = 2 * k ∨ n = 2 * k + 1 := ⟨n / 2, by omega⟩
theorem even_xor_odd (n : ℕ) : Even n ∧ ¬Odd n ∨ Odd n ∧ ¬Even n := by simp only [even_iff, odd_iff]; omega
theorem even_mul_succ_self (n : ℕ) : Even (n * (n + 1)) := by rw [even_mul, even_add_one]; exact Classical.em _
theorem even_mul_pred_self (n : ℕ) : Even (n * (n - 1)) := by
  cases n with
  | zero => simp
  | succ n => rw [Nat.mul_comm]; exact even_mul_succ_self n
theorem two_dvd_ne_zero {n : ℕ} : ¬2 ∣ n ↔ n % 2 = 1 := by omega
theorem odd_gt_zero {n : ℕ} (h : Odd n) : 0 < n := h.pos
theorem even_iff_not_odd {n : ℕ} : Even n ↔ ¬Odd n := not_odd_iff_even.symm
theorem odd_iff_not_even {n : ℕ} : Odd n ↔ ¬Even n := not_even_iff_odd.symm
theorem two_mul_div_two_of_even {n : ℕ} (h : Even n) : 2 * (n / 2) = n := by rw [even_iff] at h; omega
theorem div_two_mul_two_of_even {n : ℕ} (h : Even n) : n / 2 * 2 = n := by rw [even_iff] at h; omega
theorem two_mul_div_two_add_one_of_odd {n : ℕ} (h : Odd n) : 2 * (n / 2) + 1 = n := by rw [odd_iff] at h; omega
end Nat

namespace Int
theorem even_add {m n : ℤ} : Even (m + n) ↔ (Even m ↔ Even n) := by simp only [even_iff]; omega
theorem even_sub {m n : ℤ} : Even (m - n) ↔ (Even m ↔ Even n) := by simp only [even_iff]; omega
theorem even_sub' {m n : ℤ} : Even (m - n) ↔ (Odd m ↔ Odd n) := by simp only [even_iff, odd_iff]; omega
theorem even_add' {m n : ℤ} : Even (m + n) ↔ (Odd m ↔ Odd n) := by simp only [even_iff, odd_iff]; omega
theorem odd_add {m n : ℤ} : Odd (m + n) ↔ (Odd m ↔ Even n) := by simp only [even_iff, odd_iff]; omega
theorem odd_sub {m n : ℤ} : Odd (m - n) ↔ (Odd m ↔ Even n) := by simp only [even_iff, odd_iff]; omega
theorem even_add_one {n : ℤ} : Even (n + 1) ↔ ¬Even n := by simp only [even_iff]; omega
theorem even_mul {m n : ℤ} : Even (m * n) ↔ Even m ∨ Even n := by
  constructor
  · intro h
    rcases even_or_odd m with k | k
    · exact .inl k
    rcases even_or_odd n with l | l
    · exact .inr l
    have := k.mul l
    rw [← not_even_iff_odd] at this
    exact absurd h this
  · rintro (h | h)
    · exact h.mul_right n
    · exact h.mul_left m
theorem odd_mul {m n : ℤ} : Odd (m * n) ↔ Odd m ∧ Odd n := by
  rw [← not_even_iff_odd, even_mul, _root_.not_or, not_even_iff_odd, not_even_iff_odd]
theorem even_pow {m : ℤ} {n : ℕ} : Even (m ^ n) ↔ Even m ∧ n ≠ 0 := by
  induction n with
  | zero => simp [even_iff]
  | succ n ih => rw [Int.pow_succ, even_mul, ih]; grind
theorem even_pow' {m : ℤ} {n : ℕ} (h : n ≠ 0) : Even (m ^ n) ↔ Even m := even_pow.trans ⟨And.left, fun k => ⟨k, h⟩⟩
theorem odd_pow {m : ℤ} {n : ℕ} : Odd (m ^ n) ↔ Odd m ∨ n = 0 := by
  rw [← not_even_iff_odd, ← not_even_iff_odd, even_pow]; grind
theorem even_or_odd' (n : ℤ) : ∃ k, n = 2 * k ∨ n = 2 * k + 1 := ⟨n / 2, by omega⟩
theorem even_mul_succ_self (n : ℤ) : Even (n * (n + 1)) := by rw [even_mul, even_add_one]; exact Classical.em _
theorem emod_two_eq_zero_or_one (n : ℤ) : n % 2 = 0 ∨ n % 2 = 1 := by omega
@[simp] theorem emod_two_ne_zero {n : ℤ} : ¬n % 2 = 0 ↔ n % 2 = 1 := by omega
@[simp] theorem emod_two_ne_one {n : ℤ} : ¬n % 2 = 1 ↔ n % 2 = 0 := by omega
theorem two_dvd_ne_zero {n : ℤ} : ¬2 ∣ n ↔ n % 2 = 1 := by omega
theorem even_coe_nat (n : ℕ) : Even (n : ℤ) ↔ Even n := by rw [even_iff, Nat.even_iff]; omega
theorem odd_coe_nat (n : ℕ) : Odd (n : ℤ) ↔ Odd n := by rw [odd_iff, Nat.odd_iff]; omega
theorem natAbs_even {n : ℤ} : Even n.natAbs ↔ Even n := by rw [even_iff, Nat.even_iff]; omega
theorem natAbs_odd {n : ℤ} : Odd n.natAbs ↔ Odd n := by rw [odd_iff, Nat.odd_iff]; omega
theorem even_iff_not_odd {n : ℤ} : Even n ↔ ¬Odd n := not_odd_iff_even.symm
theorem odd_iff_not_even {n : ℤ} : Odd n ↔ ¬Even n := not_even_iff_odd.symm
theorem two_mul_ediv_two_of_even {n : ℤ} (h : Even n) : 2 * (n / 2) = n := by rw [even_iff] at h; omega
end Int
