theorem t : ∀ n : Fin 3, n = 0 := sorry
