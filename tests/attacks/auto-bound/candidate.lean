theorem t (n : Nat) (l : List Nat) (h : l.length = n) {k : n ≤ 3} : l = l ∧ n ≤ 3 := ⟨rfl, k⟩
