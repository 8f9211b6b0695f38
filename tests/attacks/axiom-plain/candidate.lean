axiom cheat : False
theorem t : (1 : Nat) = 2 := cheat.elim
