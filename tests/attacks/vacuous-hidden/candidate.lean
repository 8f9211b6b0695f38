theorem t : ∀ n : Nat, n < 0 → n * n = n + 7 := nofun
