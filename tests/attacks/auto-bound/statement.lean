theorem t (n : Nat) (l : List Nat) (h : l.length = n) : l = l ∧ n ≤ 3 := sorry
