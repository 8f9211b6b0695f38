theorem t (a b c d : Nat) (h : a * b = c * d) : (a * b) ^ 3 = (c * d) ^ 3 := by
  have g : (List.range 60).foldl (· + ·) 0 = 1770 := by decide
  grind
