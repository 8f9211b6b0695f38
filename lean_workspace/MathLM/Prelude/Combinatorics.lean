import MathLM.Prelude.Nat

/-! Factorials, binomials, divisors, digits, logarithms, Fibonacci numbers, Euler's function. -/

namespace Nat

/-! ### Factorials -/

def factorial : ℕ → ℕ
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

scoped notation:10000 n "!" => Nat.factorial n

@[simp] theorem factorial_zero : factorial 0 = 1 := rfl
@[simp] theorem factorial_one : factorial 1 = 1 := rfl
@[simp] theorem factorial_two : factorial 2 = 2 := rfl
theorem factorial_succ (n : ℕ) : factorial (n + 1) = (n + 1) * factorial n := rfl
theorem factorial_pos (n : ℕ) : 0 < factorial n := by
  induction n with
  | zero => decide
  | succ n ih => exact Nat.mul_pos (Nat.succ_pos n) ih
theorem factorial_ne_zero (n : ℕ) : factorial n ≠ 0 := Nat.ne_of_gt (factorial_pos n)
theorem mul_factorial_pred {n : ℕ} (h : n ≠ 0) : n * factorial (n - 1) = factorial n := by
  cases n with
  | zero => exact absurd rfl h
  | succ n => rfl
theorem factorial_dvd_factorial {m n : ℕ} (h : m ≤ n) : factorial m ∣ factorial n := by
  induction h with
  | refl => exact Nat.dvd_refl _
  | step _ ih => exact Nat.dvd_trans ih (Nat.dvd_mul_left _ _)
theorem factorial_le {m n : ℕ} (h : m ≤ n) : factorial m ≤ factorial n :=
  Nat.le_of_dvd (factorial_pos n) (factorial_dvd_factorial h)
theorem dvd_factorial : ∀ {m n : ℕ}, 0 < m → m ≤ n → m ∣ factorial n
  | _ + 1, _, _, h => Nat.dvd_trans (Nat.dvd_mul_right _ _) (factorial_dvd_factorial h)
theorem self_le_factorial : ∀ n : ℕ, n ≤ factorial n
  | 0 => Nat.zero_le _
  | n + 1 => Nat.le_mul_of_pos_right _ (factorial_pos n)
theorem Prime.dvd_factorial {p n : ℕ} (h : Prime p) : p ∣ factorial n ↔ p ≤ n := by
  induction n with
  | zero => simp only [factorial_zero, Nat.dvd_one]; exact ⟨fun e => absurd e h.ne_one, fun l => by have := h.two_le; omega⟩
  | succ n ih =>
    rw [factorial_succ, h.dvd_mul, ih]
    refine ⟨fun d => d.elim (fun k => Nat.le_of_dvd (by omega) k) (by omega), fun l => ?_⟩
    rcases Nat.lt_or_ge n p with k | k
    · exact .inl ((show p = n + 1 by omega) ▸ Nat.dvd_refl _)
    · exact .inr k

def ascFactorial (n : ℕ) : ℕ → ℕ
  | 0 => 1
  | k + 1 => (n + k) * ascFactorial n k

def descFactorial (n : ℕ) : ℕ → ℕ
  | 0 => 1
  | k + 1 => (n - k) * descFactorial n k

/-! ### Binomial coefficients -/

def choose : ℕ → ℕ → ℕ
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, k + 1 => choose n k + choose n (k + 1)

@[simp] theorem choose_zero_right (n : ℕ) : choose n 0 = 1 := by cases n <;> rfl
@[simp] theorem choose_zero_succ (k : ℕ) : choose 0 (k + 1) = 0 := rfl
theorem choose_succ_succ (n k : ℕ) : choose (n + 1) (k + 1) = choose n k + choose n (k + 1) := rfl
theorem choose_succ_succ' (n k : ℕ) : choose (n + 1) (k + 1) = choose n k + choose n (k + 1) := rfl
theorem choose_eq_zero_of_lt : ∀ {n k : ℕ}, n < k → choose n k = 0
  | 0, k + 1, _ => rfl
  | n + 1, k + 1, h => by
    rw [choose_succ_succ, choose_eq_zero_of_lt (by omega), choose_eq_zero_of_lt (by omega)]
@[simp] theorem choose_self (n : ℕ) : choose n n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose_succ_succ, ih, choose_eq_zero_of_lt (Nat.lt_succ_self n)]
@[simp] theorem choose_one_right (n : ℕ) : choose n 1 = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [choose_succ_succ, ih, choose_zero_right, Nat.add_comm]
theorem succ_mul_choose_eq : ∀ n k : ℕ, (n + 1) * choose n k = choose (n + 1) (k + 1) * (k + 1)
  | 0, 0 => rfl
  | 0, k + 1 => by simp [choose_succ_succ]
  | n + 1, 0 => by simp [choose_succ_succ]; omega
  | n + 1, k + 1 => by
    have h₁ := succ_mul_choose_eq n k
    have h₂ := succ_mul_choose_eq n (k + 1)
    rw [choose_succ_succ (n + 1) (k + 1)]
    have h₃ := choose_succ_succ n k
    grind
theorem choose_mul_factorial_mul_factorial : ∀ {n k : ℕ}, k ≤ n →
    choose n k * factorial k * factorial (n - k) = factorial n
  | n, 0, _ => by simp
  | n + 1, k + 1, h => by
    have h₁ := choose_mul_factorial_mul_factorial (show k ≤ n by omega)
    have h₂ := succ_mul_choose_eq n k
    rw [Nat.add_sub_add_right, factorial_succ k, factorial_succ n, ← h₁]
    grind
theorem choose_eq_factorial_div_factorial {n k : ℕ} (h : k ≤ n) :
    choose n k = factorial n / (factorial k * factorial (n - k)) := by
  rw [← choose_mul_factorial_mul_factorial h, Nat.mul_assoc,
    Nat.mul_div_cancel _ (Nat.mul_pos (factorial_pos _) (factorial_pos _))]
theorem choose_symm {n k : ℕ} (h : k ≤ n) : choose n (n - k) = choose n k := by
  rw [choose_eq_factorial_div_factorial (Nat.sub_le n k), choose_eq_factorial_div_factorial h,
    Nat.sub_sub_self h, Nat.mul_comm]
theorem choose_pos : ∀ {n k : ℕ}, k ≤ n → 0 < choose n k
  | n, 0, _ => by simp
  | n + 1, k + 1, h => Nat.add_pos_left (choose_pos (by omega)) _
theorem choose_two_right (n : ℕ) : choose n 2 = n * (n - 1) / 2 := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [choose_succ_succ, ih, choose_one_right]
    cases n with
    | zero => rfl
    | succ n =>
      simp only [Nat.add_sub_cancel]
      have : (n + 1 + 1) * (n + 1) = (n + 1) * n + (n + 1) * 2 := by grind
      rw [this, Nat.add_mul_div_right _ _ (by decide), Nat.add_comm]

/-! ### Divisors -/

def divisors (n : ℕ) : Finset ℕ := Finset.filter (fun d => d ∣ n) (Finset.Ico 1 (n + 1))
def properDivisors (n : ℕ) : Finset ℕ := Finset.filter (fun d => d ∣ n) (Finset.Ico 1 n)

@[simp, grind =] theorem mem_divisors {n m : ℕ} : n ∈ divisors m ↔ n ∣ m ∧ m ≠ 0 := by
  simp only [divisors, Finset.mem_filter, Finset.mem_Ico]
  constructor
  · rintro ⟨h, d⟩; exact ⟨d, by omega⟩
  · rintro ⟨d, h⟩
    have := Nat.le_of_dvd (by omega) d
    have := Nat.pos_of_dvd_of_pos d (by omega)
    exact ⟨by omega, d⟩
@[simp, grind =] theorem mem_properDivisors {n m : ℕ} : n ∈ properDivisors m ↔ n ∣ m ∧ n < m := by
  simp only [properDivisors, Finset.mem_filter, Finset.mem_Ico]
  constructor
  · rintro ⟨h, d⟩; exact ⟨d, h.2⟩
  · rintro ⟨d, h⟩
    have := Nat.pos_of_dvd_of_pos d (by omega)
    exact ⟨by omega, d⟩
theorem divisors_zero : divisors 0 = ∅ := rfl
theorem divisors_one : divisors 1 = {1} := by decide
theorem Prime.divisors {p : ℕ} (h : Prime p) : p.divisors = {1, p} := by
  ext a
  simp only [mem_divisors, Finset.mem_insert, Finset.mem_singleton]
  exact ⟨fun k => h.2 a k.1, fun k => ⟨k.elim (fun e => e ▸ Nat.one_dvd p) fun e => e ▸ Nat.dvd_refl p, h.ne_zero⟩⟩

/-- The primes that divide `n`. -/
def primeFactors (n : ℕ) : Finset ℕ := Finset.filter Prime n.divisors
@[simp, grind =] theorem mem_primeFactors {n p : ℕ} : p ∈ primeFactors n ↔ Prime p ∧ p ∣ n ∧ n ≠ 0 := by
  simp only [primeFactors, Finset.mem_filter, mem_divisors]; grind

def totient (n : ℕ) : ℕ := ((Finset.range n).filter n.Coprime).card
scoped notation "φ" => Nat.totient

/-! ### Digits -/

def digitsAux (b : ℕ) : ℕ → ℕ → List ℕ
  | 0, _ => []
  | fuel + 1, n => if n = 0 then [] else (n % b) :: digitsAux b fuel (n / b)

/-- The digits in base `b`, the least one first; as in Mathlib, base 0 has one digit and base 1 is unary. -/
def digits (b n : ℕ) : List ℕ :=
  match b with
  | 0 => if n = 0 then [] else [n]
  | 1 => List.replicate n 1
  | b + 2 => digitsAux (b + 2) n n

/-- The number with these digits in base `b`, the least one first. -/
def ofDigits {α : Type u} [Lean.Grind.Semiring α] (b : α) : List ℕ → α
  | [] => 0
  | d :: rest => Lean.Grind.Semiring.natCast.natCast d + b * ofDigits b rest

@[simp] theorem digits_zero (b : ℕ) : digits b 0 = [] := by
  match b with
  | 0 => rfl
  | 1 => rfl
  | b + 2 => rfl

theorem ofDigits_digitsAux (b : ℕ) : ∀ fuel n, 2 ≤ b → n ≤ fuel → ofDigits b (digitsAux b fuel n) = n
  | 0, n, _, h => by have : n = 0 := by omega
                     subst this; rfl
  | fuel + 1, n, hb, h => by
    rw [digitsAux]
    split
    · next e => subst e; rfl
    · next e =>
      have := ofDigits_digitsAux b fuel (n / b) hb (by
        have : n / b < n := Nat.div_lt_self (by omega) hb
        omega)
      show n % b + b * ofDigits b (digitsAux b fuel (n / b)) = n
      rw [this]; exact Nat.mod_add_div n b

theorem ofDigits_digits (b n : ℕ) : ofDigits b (digits b n) = n := by
  match b with
  | 0 =>
    by_cases h : n = 0
    · subst h; rfl
    · simp only [digits, h, if_false]
      show n + 0 * 0 = n
      omega
  | 1 =>
    simp only [digits]
    induction n with
    | zero => rfl
    | succ n ih =>
      show 1 + 1 * ofDigits 1 (List.replicate n 1) = n + 1
      rw [ih]; omega
  | b + 2 => exact ofDigits_digitsAux (b + 2) n n (by omega) (Nat.le_refl n)

/-! ### Logarithms, Fibonacci numbers, valuations -/

def logAux (b : ℕ) : ℕ → ℕ → ℕ
  | 0, _ => 0
  | fuel + 1, n => if n < b then 0 else logAux b fuel (n / b) + 1

/-- The largest `k` with `b ^ k ≤ n`; 0 where `b ≤ 1`. -/
def log (b n : ℕ) : ℕ := if b ≤ 1 then 0 else logAux b n n

def clog (b n : ℕ) : ℕ := if b ≤ 1 then 0 else if n ≤ 1 then 0 else log b (n - 1) + 1

def fibPair : ℕ → ℕ × ℕ
  | 0 => (0, 1)
  | n + 1 => let (a, b) := fibPair n; (b, a + b)

def fib (n : ℕ) : ℕ := (fibPair n).1

@[simp] theorem fib_zero : fib 0 = 0 := rfl
@[simp] theorem fib_one : fib 1 = 1 := rfl
theorem fib_add_two {n : ℕ} : fib (n + 2) = fib n + fib (n + 1) := rfl

def padicAux (p : ℕ) : ℕ → ℕ → ℕ
  | 0, _ => 0
  | fuel + 1, n => if n % p = 0 then padicAux p fuel (n / p) + 1 else 0

/-- The multiplicity of `p` in `n`; 0 where it is not finite. -/
def _root_.padicValNat (p n : ℕ) : ℕ := if p = 1 ∨ n = 0 then 0 else padicAux p n n

def dist (m n : ℕ) : ℕ := m - n + (n - m)

/-- The number of `k < n` with the property. -/
def count (p : ℕ → Prop) [DecidablePred p] : ℕ → ℕ
  | 0 => 0
  | n + 1 => count p n + if p n then 1 else 0

/-- The least prime factor; 1 for 1, 2 for 0. -/
def minFacAux (n : ℕ) : ℕ → ℕ → ℕ
  | 0, _ => n
  | fuel + 1, k => if n < k * k then n else if n % k = 0 then k else minFacAux n fuel (k + 1)

def minFac (n : ℕ) : ℕ := if n = 0 then 2 else if n = 1 then 1 else minFacAux n n 2

end Nat
