inductive Bit where
  | off | on
theorem t (b : Bit) : b = .off ∨ b = .on := by cases b <;> simp
