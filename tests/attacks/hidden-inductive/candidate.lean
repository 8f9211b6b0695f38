macro "pack " n:ident : command => `(structure $n (p q : Prop) : Prop where
  left : p
  right : q)
pack Both
theorem both (p q : Prop) (h : Both p q) : q ∧ p := ⟨h.2, h.1⟩
theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := both p q ⟨hp, hq⟩
