def twice (f : Nat → Nat) (n : Nat) : Nat := f (f n)
def tower : Nat → Nat → Nat
  | 0 => Nat.succ
  | n + 1 => twice (tower n)
theorem big : tower 40 0 = 2 ^ 40 := by decide
theorem t : 2 ^ (2 ^ 40) = 0 := by rw [← big]; decide
