theorem t (a b : Nat) : (a : Int) - b = 0 - ((b : Int) - a) := by omega
