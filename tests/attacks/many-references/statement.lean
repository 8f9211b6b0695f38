theorem t : 2 ^ (2 ^ 40) = 0 := sorry
