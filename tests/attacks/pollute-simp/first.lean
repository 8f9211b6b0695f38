axiom cheat : (1 : Nat) = 2
attribute [simp] cheat
theorem first : True := trivial
