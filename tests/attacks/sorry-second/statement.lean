theorem easy (n : Nat) : n + 0 = n := sorry
theorem hard (a b c : Nat) (h : 0 < c) : a ^ 3 + b ^ 3 ≠ c ^ 3 := sorry
