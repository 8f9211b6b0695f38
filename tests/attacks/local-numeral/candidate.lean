local instance (priority := high) three : OfNat Nat 3 := ⟨2⟩
theorem t : (1 : Nat) + 1 = 3 := rfl
