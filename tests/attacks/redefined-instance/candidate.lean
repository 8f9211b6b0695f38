structure Point where
  x : Int
  y : Int
instance : Add Point := ⟨fun p _ => p⟩
theorem t (p q : Point) : p + q = p := rfl
