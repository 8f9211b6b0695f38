theorem t (n : Nat) (h : n < 3) (g : 5 < n) : n = 100 := by omega
