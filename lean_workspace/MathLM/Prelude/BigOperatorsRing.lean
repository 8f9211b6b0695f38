import MathLM.Prelude.BigOperators

/-! Sums and products in semirings and over ordered types. -/

namespace Finset

section
variable {ι : Type u} {R : Type v} [Lean.Grind.CommSemiring R] {s t : Finset ι} {f g : ι → R}

theorem mul_sum (s : Finset ι) (f : ι → R) (b : R) : b * ∑ i ∈ s, f i = ∑ i ∈ s, b * f i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact mul_zero b
  | insert n ih => rw [sum_insert n, sum_insert n, ← ih]; exact mul_add _ _ _

theorem sum_mul (s : Finset ι) (f : ι → R) (b : R) : (∑ i ∈ s, f i) * b = ∑ i ∈ s, f i * b := by
  classical
  induction s using Finset.induction_on with
  | empty => exact zero_mul b
  | insert n ih => rw [sum_insert n, sum_insert n, ← ih]; exact add_mul _ _ _

theorem prod_mul_distrib : ∏ i ∈ s, (f i * g i) = (∏ i ∈ s, f i) * ∏ i ∈ s, g i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (one_mul (1 : R)).symm
  | insert n ih => rw [prod_insert n, prod_insert n, prod_insert n, ih]; exact mul_mul_mul_comm _ _ _ _

theorem prod_pow (s : Finset ι) (n : ℕ) (f : ι → R) : ∏ x ∈ s, f x ^ n = (∏ x ∈ s, f x) ^ n := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (one_pow n).symm
  | insert m ih => rw [prod_insert m, prod_insert m, ih]; exact (mul_pow _ _ _).symm

theorem prod_const (b : R) : ∏ _x ∈ s, b = b ^ s.card := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (pow_zero b).symm
  | insert n ih => rw [prod_insert n, ih, card_insert_of_notMem n]; exact (pow_succ' _ _).symm

end

section
variable {ι : Type u} {s t : Finset ι} {f g : ι → ℕ}

@[simp] theorem sum_const_nat (b : ℕ) : ∑ _x ∈ s, b = s.card * b := by
  classical
  induction s using Finset.induction_on with
  | empty => exact (Nat.zero_mul b).symm
  | insert n ih => rw [sum_insert n, ih, card_insert_of_notMem n, Nat.succ_mul, Nat.add_comm]

theorem card_eq_sum_ones (s : Finset ι) : s.card = ∑ _x ∈ s, 1 := by simp

theorem sum_le_sum (h : ∀ i, i ∈ s → f i ≤ g i) : ∑ i ∈ s, f i ≤ ∑ i ∈ s, g i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact Nat.le_refl _
  | insert n ih =>
    rw [sum_insert n, sum_insert n]
    exact Nat.add_le_add (h _ (mem_insert_self _ _)) (ih fun i hi => h i (mem_insert_of_mem hi))

theorem single_le_sum {a : ι} (h : a ∈ s) : f a ≤ ∑ i ∈ s, f i := by
  classical
  have e : s = Insert.insert a (s.erase a) := (insert_erase h).symm
  have : ∑ i ∈ s, f i = f a + ∑ i ∈ s.erase a, f i :=
    (sum_congr e fun _ _ => rfl).trans (sum_insert (by simp))
  rw [this]; exact Nat.le_add_right _ _

theorem dvd_sum {d : ℕ} (h : ∀ i, i ∈ s → d ∣ f i) : d ∣ ∑ i ∈ s, f i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact Nat.dvd_zero d
  | insert n ih =>
    rw [sum_insert n]
    exact Nat.dvd_add (h _ (mem_insert_self _ _)) (ih fun i hi => h i (mem_insert_of_mem hi))

theorem dvd_prod_of_mem (f : ι → ℕ) {a : ι} (h : a ∈ s) : f a ∣ ∏ i ∈ s, f i := by
  classical
  have : ∏ i ∈ s, f i = f a * ∏ i ∈ s.erase a, f i :=
    (prod_congr (insert_erase h).symm fun _ _ => rfl).trans (prod_insert (by simp))
  rw [this]; exact Nat.dvd_mul_right _ _

theorem prod_pos (h : ∀ i, i ∈ s → 0 < f i) : 0 < ∏ i ∈ s, f i := by
  classical
  induction s using Finset.induction_on with
  | empty => exact Nat.one_pos
  | insert n ih =>
    rw [prod_insert n]
    exact Nat.mul_pos (h _ (mem_insert_self _ _)) (ih fun i hi => h i (mem_insert_of_mem hi))

theorem sum_range_id_mul_two (n : ℕ) : (∑ i ∈ range n, i) * 2 = n * (n - 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [sum_range_succ]
    show (_ + n) * 2 = (n + 1) * n
    rw [Nat.add_mul, ih]
    cases n with
    | zero => rfl
    | succ n => simp only [Nat.add_sub_cancel]; grind

theorem sum_range_id (n : ℕ) : ∑ i ∈ range n, i = n * (n - 1) / 2 := by
  rw [← sum_range_id_mul_two, Nat.mul_div_cancel _ (by decide)]

end
end Finset
