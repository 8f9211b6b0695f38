theorem t (a b : Nat) (h : a ≤ b) : a < b := sorry
