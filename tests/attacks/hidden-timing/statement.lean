theorem t (a b c d : Nat) (h : a * b = c * d) : (a * b) ^ 3 = (c * d) ^ 3 := sorry
