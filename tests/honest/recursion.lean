/-! Definitions of the file's own: structural, well-founded, mutual, local, private, and theorems on them. -/

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

theorem double_eq (n : Nat) : double n = 2 * n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [double, ih]; omega

def log2 (n : Nat) : Nat := if h : n ≤ 1 then 0 else 1 + log2 (n / 2)
termination_by n
decreasing_by omega

theorem log2_le (n : Nat) : log2 n ≤ n := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    rw [log2]
    split
    · omega
    · have := ih (n / 2) (by omega)
      omega

def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem ack_positive (m n : Nat) : 0 < ack m n := by
  fun_induction ack m n <;> omega

def sumTo (n : Nat) : Nat := go n 0
where
  go : Nat → Nat → Nat
    | 0, acc => acc
    | n + 1, acc => go n (acc + n + 1)

theorem sumTo_go (n acc : Nat) : sumTo.go n acc = acc + n * (n + 1) / 2 := by
  induction n generalizing acc with
  | zero => simp [sumTo.go]
  | succ n ih =>
    rw [sumTo.go, ih]
    have : (n + 1) * (n + 1 + 1) = n * (n + 1) + 2 * (n + 1) := by simp [Nat.add_mul, Nat.mul_add]; omega
    omega

theorem gauss (n : Nat) : sumTo n = n * (n + 1) / 2 := by simp [sumTo, sumTo_go]

mutual
def isEven : Nat → Bool
  | 0 => true
  | n + 1 => isOdd n
def isOdd : Nat → Bool
  | 0 => false
  | n + 1 => isEven n
end

mutual
theorem isEven_spec : ∀ n, isEven n = (n % 2 == 0)
  | 0 => by simp [isEven]
  | n + 1 => by rw [isEven, isOdd_spec n]; grind
theorem isOdd_spec : ∀ n, isOdd n = (n % 2 == 1)
  | 0 => by simp [isOdd]
  | n + 1 => by rw [isOdd, isEven_spec n]; grind
end

private theorem helper (n : Nat) : n < n + 2 := by omega
theorem uses_private (n : Nat) : ∃ m, n < m := ⟨n + 2, helper n⟩

theorem with_where (a b : Nat) (h : a ≤ b) : a * a ≤ b * b := step a b h
where
  step (a b : Nat) (h : a ≤ b) : a * a ≤ b * b := Nat.mul_le_mul h h

theorem with_let_rec (n : Nat) : 0 ≤ n := by
  let rec go : ∀ n : Nat, 0 ≤ n
    | 0 => Nat.le_refl 0
    | n + 1 => Nat.le_succ_of_le (go n)
  exact go n

def gcd' (a b : Nat) : Nat := if h : b = 0 then a else gcd' b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt a (Nat.pos_of_ne_zero h)

theorem gcd'_zero (a : Nat) : gcd' a 0 = a := by rw [gcd']; simp
theorem gcd'_divides (a b : Nat) : gcd' a b ∣ a ∧ gcd' a b ∣ b := by
  fun_induction gcd' a b with
  | case1 a => exact ⟨Nat.dvd_refl a, Nat.dvd_zero a⟩
  | case2 a b h ih => exact ⟨(Nat.dvd_mod_iff ih.1).mp ih.2, ih.1⟩

theorem recursive_theorem (P : Nat → Prop) (h : P 0) (s : ∀ n, P n → P (n + 1)) : ∀ n, P n
  | 0 => h
  | n + 1 => s n (recursive_theorem P h s n)

theorem descending (n : Nat) (h : 0 < n) : ∃ k m, n = 2 ^ k * m ∧ m % 2 = 1 :=
  if g : n % 2 = 1 then ⟨0, n, by simp, g⟩
  else
    have ⟨k, m, e, o⟩ := descending (n / 2) (by omega)
    ⟨k + 1, m, by rw [Nat.pow_succ, Nat.mul_right_comm, ← e]; omega, o⟩
termination_by n
