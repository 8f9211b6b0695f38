structure Group' (α : Type) where
  mul : α → α → α
  one : α
theorem t (α : Type) (a : α) : Nonempty (Group' α) := ⟨fun a _ => a, a⟩
