theorem t (n : Nat) : Prime n → n ≠ 4 := sorry
