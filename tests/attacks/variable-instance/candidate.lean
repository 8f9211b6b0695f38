variable (α : Type) [Subsingleton α]
theorem t (a b : α) : a = b := Subsingleton.elim a b
