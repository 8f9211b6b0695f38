def loop (n : Nat) : PLift ((1 : Nat) = 2) := loop (n + 1)
termination_by n
decreasing_by sorry

theorem t : (1 : Nat) = 2 := (loop 0).down
