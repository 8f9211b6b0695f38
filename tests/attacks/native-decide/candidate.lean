@[implemented_by Nat.succ] def same (n : Nat) : Nat := n
theorem wrong : same 1 = 2 := by native_decide
theorem t : (1 : Nat) = 2 := wrong
