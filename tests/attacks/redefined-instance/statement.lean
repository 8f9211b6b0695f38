structure Point where
  x : Int
  y : Int
instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩
theorem t (p q : Point) : p + q = p := sorry
