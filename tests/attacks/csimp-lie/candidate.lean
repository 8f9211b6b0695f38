def a (_ : Nat) : Nat := 0
@[extern "lean_nat_succ"] def b (n : Nat) : Nat := n
@[implemented_by Nat.succ] def c (n : Nat) : Nat := n
theorem lied : c 0 = 1 := by native_decide
theorem t : False := nomatch (show c 0 = 0 from rfl) ▸ lied
