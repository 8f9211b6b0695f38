theorem t (p : Prop) (h : p) (g : ¬p) : 2 + 2 = 5 := sorry
