def bound : Nat := 10
def small (n : Nat) : Prop := n < bound
def allSmall (l : List Nat) : Prop := ∀ n ∈ l, small n
theorem t : allSmall [3, 40] := sorry
