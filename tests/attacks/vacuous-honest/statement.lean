theorem t (a b : Nat) : a * b = b * a := sorry
