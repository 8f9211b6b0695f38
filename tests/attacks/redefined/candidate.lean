def Prime (_ : Nat) : Prop := True
theorem t : Prime 4 := trivial
