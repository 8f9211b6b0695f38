import MathLM.Prelude.Abs

/-! Rings and fields once more: the names that proofs cite for rearranging, cancelling and deciding equations. -/

section
variable {α : Type u} [Lean.Grind.Semiring α] (a b c d : α)

attribute [simp] add_zero zero_add mul_one one_mul mul_zero zero_mul pow_zero pow_one one_pow

theorem add_add_add_comm : a + b + (c + d) = a + c + (b + d) := by
  rw [add_assoc, add_left_comm b, ← add_assoc]
theorem add_one_mul : (a + 1) * b = a * b + b := by rw [add_mul, one_mul]
theorem one_add_mul : (1 + a) * b = b + a * b := by rw [add_mul, one_mul]
theorem mul_add_one : a * (b + 1) = a * b + a := by rw [mul_add, mul_one]
theorem mul_one_add : a * (1 + b) = a + a * b := by rw [mul_add, mul_one]
theorem one_add_one_eq_two : 1 + 1 = (2 : α) := by rw [← mul_two, one_mul]
theorem zero_pow_eq (n : ℕ) : (0 : α) ^ n = if n = 0 then 1 else 0 := by
  split
  · next h => rw [h, pow_zero]
  · next h => exact zero_pow h
@[simp] theorem zero_pow_ne_zero {n : ℕ} [NeZero n] : (0 : α) ^ n = 0 := zero_pow (NeZero.ne n)
theorem pow_mul_comm (m n : ℕ) : a ^ m * a ^ n = a ^ n * a ^ m := by rw [← pow_add, ← pow_add, Nat.add_comm]
theorem pow_four : a ^ 4 = a * a * a * a := by rw [pow_succ a 3, pow_three']
theorem pow_succ_comm (n : ℕ) : a ^ n * a = a * a ^ n := by rw [← pow_succ, pow_succ']
theorem pow_mul_pow_sub {m n : ℕ} (h : m ≤ n) : a ^ m * a ^ (n - m) = a ^ n := by
  rw [← pow_add, Nat.add_sub_cancel' h]
theorem pow_sub_mul_pow {m n : ℕ} (h : m ≤ n) : a ^ (n - m) * a ^ m = a ^ n := by
  rw [← pow_add, Nat.sub_add_cancel h]
theorem add_eq_of_eq_of_eq {a b c d : α} (h : a = c) (h' : b = d) : a + b = c + d := by rw [h, h']

end

section
variable {α : Type u} [Lean.Grind.CommSemiring α] (a b c d : α)

theorem add_sq' : (a + b) ^ 2 = a ^ 2 + b ^ 2 + 2 * a * b := by grind
theorem add_mul_self_eq : (a + b) * (a + b) = a * a + 2 * a * b + b * b := by grind
theorem mul_pow_two : (a * b) ^ 2 = a ^ 2 * b ^ 2 := mul_pow a b 2
theorem pow_mul_pow_comm (n : ℕ) : a ^ n * b ^ n = (a * b) ^ n := (mul_pow a b n).symm
theorem two_add_two_eq_four : 2 + 2 = (4 : α) := by grind
theorem add_cube : (a + b) ^ 3 = a ^ 3 + 3 * a ^ 2 * b + 3 * a * b ^ 2 + b ^ 3 := by grind
theorem add_pow_three : (a + b) ^ 3 = a ^ 3 + 3 * a ^ 2 * b + 3 * a * b ^ 2 + b ^ 3 := by grind

end

section
variable {α : Type u} [Lean.Grind.Ring α] (a : α)

theorem add_right_neg : a + -a = 0 := add_neg_cancel a
theorem add_left_neg : -a + a = 0 := neg_add_cancel a
theorem neg_add_self : -a + a = 0 := neg_add_cancel a
theorem add_neg_self : a + -a = 0 := add_neg_cancel a

end

section
variable {α : Type u} [Lean.Grind.CommRing α] (a b c d : α)

attribute [simp] sub_self sub_zero zero_sub neg_neg neg_zero neg_mul mul_neg neg_sub neg_add_cancel add_neg_cancel
  sub_add_cancel add_sub_cancel_right add_sub_cancel_left add_sub_cancel sub_sub_cancel neg_inj add_left_inj
  add_right_inj

theorem neg_add_rev : -(a + b) = -b + -a := by grind
theorem neg_add' : -(a + b) = -a - b := by grind
@[simp] theorem sub_neg_eq_add : a - -b = a + b := by grind
theorem neg_mul_eq_neg_mul : -(a * b) = -a * b := by grind
theorem neg_mul_eq_mul_neg : -(a * b) = a * -b := by grind
theorem neg_mul_comm : -a * b = a * -b := by grind
theorem mul_neg_one : a * -1 = -a := by grind
theorem neg_eq_neg_one_mul : -a = -1 * a := by grind
theorem neg_add_eq_sub : -a + b = b - a := by grind
@[simp] theorem add_neg_cancel_right : a + b + -b = a := by grind
@[simp] theorem add_neg_cancel_left : a + (-a + b) = b := by grind
@[simp] theorem neg_add_cancel_left : -a + (a + b) = b := by grind
@[simp] theorem neg_add_cancel_right : a + -b + b = a := by grind
theorem add_neg_eq_sub : a + -b = a - b := by grind
@[simp] theorem sub_add_sub_cancel : a - b + (b - c) = a - c := by grind
@[simp] theorem sub_sub_sub_cancel_right : a - c - (b - c) = a - b := by grind
@[simp] theorem sub_sub_sub_cancel_left : c - a - (c - b) = b - a := by grind
@[simp] theorem add_sub_add_right_eq_sub : a + c - (b + c) = a - b := by grind
@[simp] theorem add_sub_add_left_eq_sub : c + a - (c + b) = a - b := by grind
theorem add_sub_add_comm : a + b - (c + d) = a - c + (b - d) := by grind
theorem sub_add_cancel' : a - b + b = a := by grind
theorem add_sub_cancel' : a + (b - a) = b := by grind
theorem add_sub_cancel'' : a + b - a = b := by grind
theorem sub_right_comm : a - b - c = a - c - b := by grind
theorem add_sub_right_comm : a + b - c = a - c + b := by grind
theorem add_sub : a + (b - c) = a + b - c := by grind
theorem add_sub_comm : a + b - c = a - c + b := by grind
theorem sub_add_eq_add_sub : a - b + c = a + c - b := by grind
theorem sub_sub_eq_add_sub : a - (b - c) = a + c - b := by grind
theorem sub_add_eq_sub_sub : a - (b + c) = a - b - c := by grind
theorem sub_add_eq_sub_sub_swap : a - (b + c) = a - c - b := by grind
theorem sub_eq_neg_add : a - b = -b + a := by grind
theorem neg_sub_neg : -a - -b = b - a := by grind
theorem neg_sub_left : -a - b = -(b + a) := by grind
theorem sq_sub_sq' : a ^ 2 - b ^ 2 = (a + b) * (a - b) := by grind
theorem pow_two_sub_pow_two : a ^ 2 - b ^ 2 = (a + b) * (a - b) := by grind
theorem sub_sq' : (a - b) ^ 2 = a ^ 2 + b ^ 2 - 2 * a * b := by grind
theorem sub_sq_comm : (a - b) ^ 2 = (b - a) ^ 2 := by grind
theorem mul_self_sub_mul_self : a * a - b * b = (a + b) * (a - b) := by grind
theorem mul_self_sub_one : a * a - 1 = (a + 1) * (a - 1) := by grind
theorem neg_one_sq : (-1 : α) ^ 2 = 1 := by grind
theorem neg_one_pow_two : (-1 : α) ^ 2 = 1 := by grind
theorem neg_pow (n : ℕ) : (-a) ^ n = (-1) ^ n * a ^ n := by rw [← mul_pow, neg_one_mul]
theorem neg_pow_two : (-a) ^ 2 = a ^ 2 := neg_sq a
theorem neg_one_pow_eq_or (n : ℕ) : (-1 : α) ^ n = 1 ∨ (-1 : α) ^ n = -1 := by
  induction n with
  | zero => exact .inl (pow_zero _)
  | succ n ih => rw [pow_succ]; rcases ih with h | h <;> rw [h] <;> grind
theorem neg_one_pow_mul_eq_zero_iff (n : ℕ) : (-1) ^ n * a = 0 ↔ a = 0 := by
  rcases neg_one_pow_eq_or (α := α) n with h | h <;> rw [h] <;> grind
variable {a b c d}
@[simp] theorem neg_eq_zero : -a = 0 ↔ a = 0 := by grind
theorem zero_eq_neg : 0 = -a ↔ a = 0 := by grind
theorem neg_ne_zero : -a ≠ 0 ↔ a ≠ 0 := by grind
theorem neg_eq_iff_add_eq_zero : -a = b ↔ a + b = 0 := by grind
theorem eq_neg_of_add_eq_zero_left (h : a + b = 0) : a = -b := by grind
theorem eq_neg_of_add_eq_zero_right (h : a + b = 0) : b = -a := by grind
theorem neg_eq_of_add_eq_zero_right (h : a + b = 0) : -a = b := by grind
theorem neg_eq_of_add_eq_zero_left (h : a + b = 0) : -b = a := by grind
theorem add_eq_zero_iff_eq_neg : a + b = 0 ↔ a = -b := by grind
theorem add_eq_zero_iff_neg_eq : a + b = 0 ↔ -a = b := by grind
theorem eq_neg_iff_eq_neg : a = -b ↔ b = -a := by grind
theorem eq_neg_comm : a = -b ↔ b = -a := by grind
theorem neg_eq_comm : -a = b ↔ -b = a := by grind
theorem sub_right_inj : a - b = a - c ↔ b = c := by grind
theorem sub_left_inj : b - a = c - a ↔ b = c := by grind
theorem sub_ne_zero : a - b ≠ 0 ↔ a ≠ b := by grind
theorem sub_ne_zero_of_ne (h : a ≠ b) : a - b ≠ 0 := by grind
theorem sub_ne_zero_iff_ne : a - b ≠ 0 ↔ a ≠ b := by grind
theorem sub_eq_of_eq_add' (h : a = b + c) : a - b = c := by grind
theorem eq_add_of_sub_eq (h : a - c = b) : a = b + c := by grind
theorem eq_add_of_sub_eq' (h : a - b = c) : a = b + c := by grind
theorem eq_sub_of_add_eq' (h : c + a = b) : a = b - c := by grind
theorem add_eq_of_eq_sub (h : a = c - b) : a + b = c := by grind
theorem add_eq_of_eq_sub' (h : b = c - a) : a + b = c := by grind
theorem eq_sub_iff_add_eq' : a = b - c ↔ c + a = b := by grind
theorem eq_add_neg_iff_add_eq : a = b + -c ↔ a + c = b := by grind
theorem sub_eq_sub_iff_add_eq_add : a - b = c - d ↔ a + d = c + b := by grind
theorem add_eq_left : a + b = a ↔ b = 0 := by grind
theorem add_eq_right : a + b = b ↔ a = 0 := by grind
theorem left_eq_add : a = a + b ↔ b = 0 := by grind
theorem right_eq_add : b = a + b ↔ a = 0 := by grind
theorem add_left_eq_self : a + b = b ↔ a = 0 := by grind
theorem add_right_eq_self : a + b = a ↔ b = 0 := by grind
theorem self_eq_add_right : a = a + b ↔ b = 0 := by grind
theorem self_eq_add_left : b = a + b ↔ a = 0 := by grind
theorem sub_eq_self : a - b = a ↔ b = 0 := by grind
theorem add_left_cancel_iff : a + b = a + c ↔ b = c := by grind
theorem add_right_cancel_iff : b + a = c + a ↔ b = c := by grind
theorem add_left_injective (a : α) : Function.Injective (· + a) := fun _ _ h => add_right_cancel h
theorem add_right_injective (a : α) : Function.Injective (a + ·) := fun _ _ h => add_left_cancel h
theorem sub_right_injective (b : α) : Function.Injective (b - ·) := fun _ _ h => sub_right_inj.1 h
theorem sub_left_injective (b : α) : Function.Injective (· - b) := fun _ _ h => sub_left_inj.1 h
theorem neg_injective : Function.Injective (fun x : α => -x) := fun _ _ h => neg_inj.1 h
theorem eq_iff_eq_of_sub_eq_sub (h : a - b = c - d) : a = b ↔ c = d := by grind

end

/-! ### No zero divisors -/

theorem right_ne_zero_of_mul {α : Type u} [Lean.Grind.Semiring α] {a b : α} (h : a * b ≠ 0) : b ≠ 0 := fun e => h (by rw [e, mul_zero])

theorem left_ne_zero_of_mul {α : Type u} [Lean.Grind.Semiring α] {a b : α} (h : a * b ≠ 0) : a ≠ 0 := fun e => h (by rw [e, zero_mul])

/-- A product is zero only where a factor is (ℕ, ℤ, ℚ, every field). -/
class NoZeroDivisors (α : Type u) [Lean.Grind.Semiring α] : Prop where
  eq_zero_or_eq_zero_of_mul_eq_zero : ∀ {a b : α}, a * b = 0 → a = 0 ∨ b = 0

instance : NoZeroDivisors ℕ := ⟨fun h => Nat.mul_eq_zero.1 h⟩
instance : NoZeroDivisors ℤ := ⟨fun h => Int.mul_eq_zero.1 h⟩
instance noZeroDivisorsOfField {α : Type u} [Lean.Grind.Field α] : NoZeroDivisors α := ⟨fun h => mul_eq_zero_field.1 h⟩

section
variable {α : Type u} [Lean.Grind.Semiring α] [NoZeroDivisors α] {a b c : α}

@[simp] theorem mul_eq_zero : a * b = 0 ↔ a = 0 ∨ b = 0 :=
  ⟨NoZeroDivisors.eq_zero_or_eq_zero_of_mul_eq_zero, fun h => h.elim (fun e => by rw [e, zero_mul]) fun e => by
    rw [e, mul_zero]⟩
theorem eq_zero_or_eq_zero_of_mul_eq_zero (h : a * b = 0) : a = 0 ∨ b = 0 := mul_eq_zero.1 h
theorem zero_eq_mul : 0 = a * b ↔ a = 0 ∨ b = 0 := eq_comm.trans mul_eq_zero
theorem mul_ne_zero_iff : a * b ≠ 0 ↔ a ≠ 0 ∧ b ≠ 0 := by rw [ne_eq, mul_eq_zero, _root_.not_or]
theorem mul_ne_zero (ha : a ≠ 0) (hb : b ≠ 0) : a * b ≠ 0 := mul_ne_zero_iff.2 ⟨ha, hb⟩
theorem mul_self_eq_zero : a * a = 0 ↔ a = 0 := by rw [mul_eq_zero, or_self]
theorem zero_eq_mul_self : 0 = a * a ↔ a = 0 := eq_comm.trans mul_self_eq_zero
theorem mul_self_ne_zero : a * a ≠ 0 ↔ a ≠ 0 := by rw [ne_eq, mul_self_eq_zero]
theorem pow_eq_zero {n : ℕ} (h : a ^ n = 0) : a = 0 := by
  induction n with
  | zero => rw [pow_zero] at h; rw [← mul_one a, h, mul_zero]
  | succ n ih => rw [pow_succ] at h; exact (mul_eq_zero.1 h).elim ih id
theorem eq_zero_of_pow_eq_zero {n : ℕ} (h : a ^ n = 0) : a = 0 := pow_eq_zero h
theorem pow_eq_zero_of_pow_eq_zero {n : ℕ} (h : a ^ n = 0) : a = 0 := pow_eq_zero h
@[simp] theorem pow_eq_zero_iff {n : ℕ} (hn : n ≠ 0) : a ^ n = 0 ↔ a = 0 :=
  ⟨pow_eq_zero, fun h => by rw [h, zero_pow hn]⟩
theorem sq_eq_zero_iff : a ^ 2 = 0 ↔ a = 0 := pow_eq_zero_iff (by decide)
theorem sq_eq_zero' : a ^ 2 = 0 ↔ a = 0 := pow_eq_zero_iff (by decide)
theorem sq_eq_zero : a ^ 2 = 0 ↔ a = 0 := pow_eq_zero_iff (by decide)
theorem pow_ne_zero_iff {n : ℕ} (hn : n ≠ 0) : a ^ n ≠ 0 ↔ a ≠ 0 := by rw [ne_eq, pow_eq_zero_iff hn]

end

section
variable {α : Type u} [Lean.Grind.CommRing α] [NoZeroDivisors α] {a b c : α}

theorem mul_left_cancel_of_ring (ha : a ≠ 0) (h : a * b = a * c) : b = c := by
  have h' : a * (b - c) = 0 := by rw [mul_sub, h, sub_self]
  exact sub_eq_zero.1 ((mul_eq_zero.1 h').resolve_left ha)
theorem mul_self_eq_mul_self_iff : a * a = b * b ↔ a = b ∨ a = -b := by
  rw [← sub_eq_zero, mul_self_sub_mul_self, mul_eq_zero, sub_eq_zero, ← eq_neg_iff_add_eq_zero, Or.comm]
theorem sq_eq_sq_iff_eq_or_eq_neg : a ^ 2 = b ^ 2 ↔ a = b ∨ a = -b := by
  rw [pow_two, pow_two, mul_self_eq_mul_self_iff]
theorem sq_eq_sq' (h : a ^ 2 = b ^ 2) : a = b ∨ a = -b := sq_eq_sq_iff_eq_or_eq_neg.1 h
theorem eq_or_eq_neg_of_sq_eq_sq (a b : α) (h : a ^ 2 = b ^ 2) : a = b ∨ a = -b := sq_eq_sq_iff_eq_or_eq_neg.1 h
theorem mul_self_eq_one_iff : a * a = 1 ↔ a = 1 ∨ a = -1 := by
  have := mul_self_eq_mul_self_iff (a := a) (b := 1); rwa [mul_one] at this
theorem sq_eq_one_iff_of_ring : a ^ 2 = 1 ↔ a = 1 ∨ a = -1 := by rw [pow_two, mul_self_eq_one_iff]
theorem sq_eq_one_iff_of_ne_neg_one (h : a ≠ -1) : a ^ 2 = 1 ↔ a = 1 := by
  rw [sq_eq_one_iff_of_ring]; exact ⟨fun k => k.resolve_right h, .inl⟩

end

/-! Factors that are not zero cancel; ℕ has no subtraction, hence a class. -/

class IsCancelMulZero (α : Type u) [Lean.Grind.CommSemiring α] : Prop where
  mul_left_cancel_of_ne_zero : ∀ {a b c : α}, a ≠ 0 → a * b = a * c → b = c

instance : IsCancelMulZero ℕ := ⟨fun ha h => Nat.eq_of_mul_eq_mul_left (Nat.pos_of_ne_zero ha) h⟩
instance isCancelMulZeroOfRing {α : Type u} [Lean.Grind.CommRing α] [NoZeroDivisors α] : IsCancelMulZero α :=
  ⟨mul_left_cancel_of_ring⟩

section
variable {α : Type u} [Lean.Grind.CommSemiring α] [IsCancelMulZero α] {a b c : α}

theorem mul_left_cancel₀ (ha : a ≠ 0) (h : a * b = a * c) : b = c :=
  IsCancelMulZero.mul_left_cancel_of_ne_zero ha h
theorem mul_right_cancel₀ (hb : b ≠ 0) (h : a * b = c * b) : a = c :=
  mul_left_cancel₀ hb (by rwa [mul_comm b, mul_comm b])
theorem mul_right_inj' (hc : c ≠ 0) : c * a = c * b ↔ a = b := ⟨mul_left_cancel₀ hc, fun h => by rw [h]⟩
theorem mul_left_inj' (hc : c ≠ 0) : a * c = b * c ↔ a = b := ⟨mul_right_cancel₀ hc, fun h => by rw [h]⟩
theorem mul_right_injective₀ (hc : c ≠ 0) : Function.Injective (c * ·) := fun _ _ => mul_left_cancel₀ hc
theorem mul_left_injective₀ (hc : c ≠ 0) : Function.Injective (fun a => a * c) := fun _ _ => mul_right_cancel₀ hc
@[simp] theorem mul_eq_mul_left_iff : a * b = a * c ↔ b = c ∨ a = 0 := by
  constructor
  · intro h
    by_cases ha : a = 0
    · exact .inr ha
    · exact .inl (mul_left_cancel₀ ha h)
  · rintro (h | h) <;> rw [h]
    rw [zero_mul, zero_mul]
@[simp] theorem mul_eq_mul_right_iff : a * c = b * c ↔ a = b ∨ c = 0 := by
  rw [mul_comm a, mul_comm b, mul_eq_mul_left_iff]
theorem mul_eq_left₀ (ha : a ≠ 0) : a * b = a ↔ b = 1 := by
  have := mul_right_inj' (a := b) (b := 1) ha; rwa [mul_one] at this
theorem mul_eq_right₀ (hb : b ≠ 0) : a * b = b ↔ a = 1 := by rw [mul_comm, mul_eq_left₀ hb]
theorem mul_right_eq_self₀ : a * b = a ↔ b = 1 ∨ a = 0 := by
  have := mul_eq_mul_left_iff (a := a) (b := b) (c := 1); rwa [mul_one] at this
theorem mul_left_eq_self₀ : a * b = b ↔ a = 1 ∨ b = 0 := by rw [mul_comm, mul_right_eq_self₀]
theorem right_eq_mul₀ (hb : b ≠ 0) : b = a * b ↔ a = 1 := eq_comm.trans (mul_eq_right₀ hb)

end
