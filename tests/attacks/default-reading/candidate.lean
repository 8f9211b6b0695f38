theorem t : ∃ x : Int, x + 1 = 0 := ⟨-1, rfl⟩
