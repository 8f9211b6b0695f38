theorem t.{u} (α : Type u) (a : α) : ∃ b : α, b = a := sorry
