theorem t (p : Prop) (h : ¬¬p) : ¬p := sorry
