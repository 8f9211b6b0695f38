import Mathlib
open Nat

/-! `norm_num`, `interval_cases`, `mod_cases`, primes, divisibility, congruences, digits, factorials. -/

theorem num01 : Nat.Prime 97 := by norm_num
theorem num02 : ¬Nat.Prime 91 := by norm_num
theorem num03 : (1 : ℚ) / 2 + 1 / 3 = 5 / 6 := by norm_num
theorem num04 : Nat.gcd 180 168 = 12 := by norm_num
theorem num05 : (7 : ℤ) ∣ 1001 := by norm_num
theorem num06 : (2 : ℚ) / 3 < 3 / 4 := by norm_num
theorem num07 : 2 ^ 10 = 1024 := by norm_num
theorem num08 (x : ℕ) (h : x = 2 * 3) : x = 6 := by norm_num at h; exact h
theorem num09 : Nat.digits 10 123 = [3, 2, 1] := by norm_num
theorem num10 : 5 ! = 120 := by norm_num
theorem num11 : ∑ i ∈ Finset.range 5, i = 10 := by norm_num
theorem num12 : Nat.choose 6 3 = 20 := by norm_num
theorem num13 : ∏ i ∈ Finset.Icc 1 4, i = 24 := by norm_num
theorem num14 : 2 ^ 100 % 7 = 2 := by norm_num
theorem num15 : Nat.sqrt 144 = 12 := by norm_num
theorem num16 : (Nat.divisors 12).card = 6 := by norm_num
theorem num17 : (3 : ℚ) * (1 / 3) = 1 := by norm_num
theorem num18 : Nat.lcm 4 6 = 12 := by norm_num
theorem num19 : Nat.Coprime 14 15 := by norm_num
theorem num20 (f : ℕ → ℕ) (h : ∀ x, f x = x ^ 2 + 1) : f 3 = 10 := by norm_num [h]
theorem iv01 (n : ℕ) (h : n < 4) (h2 : 1 < n) : n * n = 4 ∨ n * n = 9 := by
  interval_cases n
  · left; rfl
  · right; rfl
theorem iv02 (n : ℤ) (h : -2 ≤ n) (h2 : n < 2) : n * n ≤ 4 := by interval_cases n <;> norm_num
theorem iv03 (n : ℤ) (h : -5 ≤ n) (h2 : n < -2) : n * n ≥ 9 := by interval_cases n <;> norm_num
theorem iv04 (x y : ℕ) (h : x + y = 3) (h' : x < 2) : x * y = 0 ∨ x * y = 2 := by
  interval_cases x
  · simp
  · have : y = 2 := by omega
    subst this; simp
theorem iv05 (n : ℕ) (h₀ : n ≤ 12) (h₁ : n ^ 2 = 49) : n = 7 := by interval_cases n <;> simp_all
theorem iv06 (a : ℕ) (h : a < 3) : Nat.Prime (a ^ 2 + a + 41) := by interval_cases a <;> norm_num
theorem mod01 (n : ℤ) : n ^ 2 % 3 = 0 ∨ n ^ 2 % 3 = 1 := by
  mod_cases h : n % 3 <;> simp [Int.ModEq] at h <;> simp [pow_two, Int.mul_emod, h]
theorem mod02 (n : ℕ) : n ^ 2 % 4 = 0 ∨ n ^ 2 % 4 = 1 := by
  mod_cases h : n % 4 <;> simp [Nat.ModEq] at h <;> simp [pow_two, Nat.mul_mod, h]
theorem mod03 (n : ℤ) (h : n % 5 = 2) : n ^ 2 % 5 = 4 := by simp [pow_two, Int.mul_emod, h]
theorem modeq01 (a b : ℕ) (h : a ≡ b [MOD 7]) : a + 3 ≡ b + 3 [MOD 7] := h.add_right 3
theorem modeq02 (a b : ℕ) (h : a ≡ b [MOD 5]) : a ^ 2 ≡ b ^ 2 [MOD 5] := h.pow 2
theorem modeq03 (a b : ℤ) (h : a ≡ b [ZMOD 6]) : 2 * a ≡ 2 * b [ZMOD 6] := h.mul_left 2
theorem modeq04 (a b c : ℕ) (h : a ≡ b [MOD 4]) (h' : b ≡ c [MOD 4]) : a ≡ c [MOD 4] := h.trans h'
theorem modeq05 (n : ℕ) (h : n ≡ 0 [MOD 3]) : 3 ∣ n := Nat.modEq_zero_iff_dvd.1 h
theorem modeq06 (n : ℤ) (h : n ≡ 3 [ZMOD 10]) : (n - 3) % 10 = 0 := by
  simp [Int.ModEq] at h; omega
theorem modeq07 (x : ℕ) (h : x ≡ 4 [MOD 19]) : x ^ 2 % 19 = 16 := by
  have := h.pow 2
  simpa [Nat.ModEq] using this
theorem prime01 (p : ℕ) (h : Nat.Prime p) : 2 ≤ p := h.two_le
theorem prime02 (p : ℕ) (h : p.Prime) (h2 : p ≠ 2) : p % 2 = 1 := h.eq_two_or_odd.resolve_left h2
theorem prime03 (p a b : ℕ) (h : p.Prime) (d : p ∣ a * b) : p ∣ a ∨ p ∣ b := h.dvd_mul.1 d
theorem prime04 (p a n : ℕ) (h : p.Prime) (d : p ∣ a ^ n) : p ∣ a := h.dvd_of_dvd_pow d
theorem prime05 (p q : ℕ) (hp : p.Prime) (hq : q.Prime) (h : p ∣ q) : p = q :=
  (Nat.prime_dvd_prime_iff_eq hp hq).1 h
theorem prime06 (p : ℕ) (h : p.Prime) (m : ℕ) (d : m ∣ p) (n : m ≠ 1) : m = p :=
  (h.eq_one_or_self_of_dvd m d).resolve_left n
theorem prime07 (n : ℕ) (h : 2 ≤ n) : ∃ p, Nat.Prime p ∧ p ∣ n := Nat.exists_prime_and_dvd (by omega)
theorem fact01 (n : ℕ) : (n + 1)! = (n + 1) * n ! := Nat.factorial_succ n
theorem fact02 (n : ℕ) (h : 4 ≤ n) : n ^ 2 ≤ n ! := by
  induction n, h using Nat.le_induction with
  | base => norm_num
  | succ n hn ih =>
    have h₂ : n + 1 ≤ n ^ 2 := by nlinarith
    calc (n + 1) ^ 2 = (n + 1) * (n + 1) := by ring
      _ ≤ (n + 1) * n ! := Nat.mul_le_mul_left _ (h₂.trans ih)
theorem fact03 (n : ℕ) (h : 3 ≤ n) : 3 ∣ n ! := Nat.dvd_factorial (by norm_num) h
theorem choose01 (n : ℕ) : Nat.choose n n = 1 := Nat.choose_self n
theorem choose02 (n k : ℕ) (h : k ≤ n) : Nat.choose n (n - k) = Nat.choose n k := Nat.choose_symm h
theorem even01 (n : ℕ) (h : Even n) : Even (n + 2) := by
  obtain ⟨k, rfl⟩ := h
  exact ⟨k + 1, by ring⟩
theorem even02 (a b : ℤ) (ha : Odd a) (hb : Odd b) : Even (a + b) := by
  rw [Int.odd_iff] at ha hb
  rw [Int.even_iff]
  omega
theorem even03 (n : ℕ) : Even (n * (n + 1)) := by
  rw [Nat.even_mul, Nat.even_add_one]
  exact Classical.em _
theorem dvd01 (n : ℕ) : 3 ∣ n ^ 3 + 2 * n := by
  induction n with
  | zero => simp
  | succ n ih =>
    have : (n + 1) ^ 3 + 2 * (n + 1) = n ^ 3 + 2 * n + 3 * (n ^ 2 + n + 1) := by ring
    omega
theorem dvd02 (n : ℕ) : 9 ∣ 10 ^ n - 1 := by
  induction n with
  | zero => simp
  | succ n ih => rw [pow_succ]; omega
theorem gcd01 (a b d : ℕ) (ha : d ∣ a) (hb : d ∣ b) : d ∣ Nat.gcd a b := Nat.dvd_gcd ha hb
theorem sqrt01 (m n : ℕ) (h : m * m ≤ n) : m ≤ Nat.sqrt n := Nat.le_sqrt.2 h
theorem digits01 (n : ℕ) : Nat.ofDigits 10 (Nat.digits 10 n) = n := Nat.ofDigits_digits 10 n
theorem zmod01 (x : ZMod 7) (h : x = 2⁻¹ + 3⁻¹) : x = 2 := by subst h; decide
theorem zmod02 (a b : ZMod 5) : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by ring
