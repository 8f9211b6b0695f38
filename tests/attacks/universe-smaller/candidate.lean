theorem t (α : Type) (a : α) : ∃ b : α, b = a := ⟨a, rfl⟩
