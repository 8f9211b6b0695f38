theorem t (a b : Int) : a ≤ b := sorry
