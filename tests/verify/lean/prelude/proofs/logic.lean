import Mathlib

/-! Logic, sets, functions: `push_neg`, `by_contra!`, `contrapose!`, `use`, `obtain`, `rintro`, `tauto`, `aesop`, casts. -/

theorem neg01 (a b : ℚ) (h : a < b) : ¬b ≤ a := by push_neg; exact h
theorem neg02 (f : ℕ → ℕ) (h : ¬∃ n, f n = 3) : ∀ n, f n ≠ 3 := by push_neg at h; exact h
theorem neg03 (f : ℕ → ℤ) (h : ¬∀ n, f n ≤ 3) : ∃ n, 3 < f n := by push_neg at h; exact h
theorem neg04 (p q : Prop) (h : ¬(p → q)) : p ∧ ¬q := by push_neg at h; exact h
theorem neg05 (p q : Prop) (h : ¬(p ∨ q)) : ¬p ∧ ¬q := by push_neg at h; exact h
theorem neg06 : ¬∃ n : ℕ, ∀ m : ℕ, m ≤ n := by push_neg; intro n; exact ⟨n + 1, by linarith⟩
theorem contra01 (a b : ℤ) (h : a ^ 2 < b ^ 2) (hb : 0 ≤ b) : a < b := by
  by_contra! h'
  nlinarith
theorem contra02 (n : ℕ) (h : n ^ 2 = 4) : n = 2 := by
  by_contra h'
  have : n < 2 ∨ 2 < n := by omega
  rcases this with h₁ | h₁
  · interval_cases n <;> simp at h
  · nlinarith
theorem contra03 (p : Prop) (h : ¬¬p) : p := by by_contra h'; exact h h'
theorem contrap01 (n : ℕ) : n * n < 25 → n < 5 := by
  contrapose!
  intro h
  nlinarith
theorem contrap02 (n : ℕ) (h : Even (n ^ 2)) : Even n := by
  contrapose! h
  rw [Nat.not_even_iff_odd, Nat.odd_iff] at h
  rw [Nat.not_even_iff_odd, Nat.odd_iff, pow_two, Nat.mul_mod, h]
theorem contrap03 (p q : Prop) (h : ¬q → ¬p) : p → q := by
  contrapose
  exact h
theorem use01 : ∃ x : ℕ, x * 2 = 6 := by use 3
theorem use02 : ∃ x y : ℤ, x + y = 5 ∧ x - y = 1 := by
  use 3, 2
  norm_num
theorem use03 (n : ℕ) (h : 6 ∣ n) : 3 ∣ n := by
  obtain ⟨k, rfl⟩ := h
  use 2 * k
  ring
theorem use04 : ∃ q : ℚ, 0 < q ∧ q < 1 := by
  use 1 / 2
  constructor <;> norm_num
theorem use05 : ∃! n : ℕ, n + 2 = 5 := by
  refine ⟨3, by norm_num, ?_⟩
  intro y hy
  simp at hy
  linarith
theorem obtain01 (h : ∃ n : ℕ, n > 3 ∧ n < 5) : ∃ m : ℕ, m = 4 := by
  obtain ⟨n, h₁, h₂⟩ := h
  exact ⟨n, by linarith⟩
theorem rintro01 (p q r : Prop) : p ∧ (q ∨ r) → p ∧ q ∨ p ∧ r := by
  rintro ⟨hp, hq | hr⟩
  · exact Or.inl ⟨hp, hq⟩
  · exact Or.inr ⟨hp, hr⟩
theorem cases01 (p q : Prop) (h : p ∨ q) : q ∨ p := by
  cases' h with h h
  · exact Or.inr h
  · exact Or.inl h
theorem cases02 (p q : Prop) (h : p ∧ q) : q ∧ p := by
  cases' h with hp hq
  exact ⟨hq, hp⟩
theorem tauto01 (p q : Prop) (h : p ∨ q) (hp : ¬p) : q := by tauto
theorem tauto02 (p q r : Prop) : (p → q) → (q → r) → p → r := by tauto
theorem tauto03 (p q : Prop) : p ∧ q ↔ q ∧ p := by tauto
theorem aesop01 (p q : Prop) (hp : p) (hq : q) : p ∧ q := by aesop
theorem aesop02 (f : ℕ → ℕ) (h : ∀ x, f x = x) : f (f 3) = 3 := by aesop
theorem aesop03 (s t : Set ℕ) (h : s ⊆ t) (x : ℕ) (hx : x ∈ s) : x ∈ t := by aesop
theorem set01 (α : Type) (s t : Set α) : s ∩ t ⊆ s := by intro x hx; exact hx.1
theorem set02 (α : Type) (s t : Set α) : s ∪ t = t ∪ s := by ext x; simp [or_comm]
theorem set03 (α : Type) (s t r : Set α) : s ∩ (t ∪ r) = (s ∩ t) ∪ (s ∩ r) := by ext x; simp; tauto
theorem set04 : (3 : ℕ) ∈ {n : ℕ | n < 5} := by simp
theorem set05 (S : Set ℕ) (h : ∀ n, n ∈ S ↔ 3 ≤ n) : IsLeast S 3 := by
  constructor
  · rw [h]
  · intro n hn
    exact (h n).1 hn
theorem set06 : IsLeast {x : ℕ | 30 * x ≡ 42 [MOD 47]} 39 := by
  constructor
  · norm_num [Nat.ModEq]
  · intro n hn
    simp [Nat.ModEq] at hn
    omega
theorem set07 : IsGreatest {n : ℕ | n ^ 2 ≤ 20} 4 := by
  constructor
  · norm_num
  · intro n hn
    simp at hn
    by_contra! h
    nlinarith
theorem set08 (f : ℕ → ℕ) (h : ∀ n, f n = 2 * n) : Function.Injective f := by
  intro a b hab
  rw [h, h] at hab
  linarith
theorem set09 (f : ℤ → ℤ) (h : ∀ n, f n = n + 1) : Function.Surjective f := by
  intro y
  use y - 1
  rw [h]
  ring
theorem set10 (f : ℤ → ℤ) (h : ∀ x, f (f x) = x) : Function.Bijective f :=
  Function.Involutive.bijective h
theorem cast01 (a b : ℕ) (h : (a : ℤ) = b) : a = b := by exact_mod_cast h
theorem cast02 (a b : ℕ) : ((a + b : ℕ) : ℤ) = a + b := by push_cast; rfl
theorem cast03 (a b : ℕ) (h : (a : ℚ) ≤ b) : a ≤ b := by exact_mod_cast h
theorem cast04 (n : ℕ) (h : 3 ≤ n) : ((n - 3 : ℕ) : ℤ) = n - 3 := by push_cast [h]; rfl
theorem calc01 (a b c : ℚ) (h : a = b + 1) (h' : b = c - 1) : a = c := by
  calc a = b + 1 := h
    _ = c - 1 + 1 := by rw [h']
    _ = c := by ring
theorem induct01 (n : ℕ) : 2 ^ n ≥ n + 1 := by
  induction' n with n ih
  · norm_num
  · rw [pow_succ]; linarith
