structure Group' (α : Type) where
  mul : α → α → α
  one : α
  one_mul : ∀ a, mul one a = a
theorem t (α : Type) (a : α) : Nonempty (Group' α) := sorry
