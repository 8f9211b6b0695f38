opaque witness : Nat
theorem t : ∃ n : Nat, n = n := ⟨witness, rfl⟩
