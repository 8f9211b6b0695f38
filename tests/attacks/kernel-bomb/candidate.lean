def spin : Nat → Nat → Nat
  | 0, a => a + 1
  | n + 1, a => spin n (spin n a)

theorem t : spin 40 0 = 1 := by decide +kernel
