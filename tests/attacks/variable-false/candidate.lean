variable (h : False)
include h
theorem t (n : Nat) : n = n + 1 := h.elim
