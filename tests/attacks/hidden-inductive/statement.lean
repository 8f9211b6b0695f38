theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := sorry
