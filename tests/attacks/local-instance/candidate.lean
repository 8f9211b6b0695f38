local instance : Add Nat := ⟨fun _ _ => 3⟩
theorem t : (1 : Nat) + 1 = 3 := rfl
