theorem t (a b : Int) : a - b = 0 - (b - a) := sorry
