theorem easy (n : Nat) : n + 0 = n := rfl
theorem hard (a b c : Nat) (h : 0 < c) : a ^ 3 + b ^ 3 ≠ c ^ 3 := by
  intro g
  exact sorryAx _ true
