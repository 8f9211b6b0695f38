theorem t : ∃ n : Nat, n * n = 2 := sorry
