example (a : Nat) : a ≤ a := Nat.le_refl a
theorem «t » (a : Nat) : a ≤ a := Nat.le_refl a
