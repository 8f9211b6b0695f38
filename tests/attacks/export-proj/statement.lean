theorem t (p q : Prop) (h : p ∧ q) : p := sorry
