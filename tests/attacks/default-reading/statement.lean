theorem t : ∃ x, x + 1 = 0 := sorry
