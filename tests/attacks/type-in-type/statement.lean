theorem t : ∃ (α : Type) (f : α → Type) (g : Type → α), ∀ x, f (g x) = x := sorry
