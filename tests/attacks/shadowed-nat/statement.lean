theorem N.t (a b : Nat) : a = b := sorry
