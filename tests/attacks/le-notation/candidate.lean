local instance : LE Int := ⟨fun _ _ => True⟩
theorem t (a b : Int) : a ≤ b := trivial
