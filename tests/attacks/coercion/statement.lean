def holds (n : Nat) : Prop := n = 7
theorem t : holds 5 := sorry
