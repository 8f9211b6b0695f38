inductive Colour where
  | red | green | blue
theorem t : ∃ a b c : Colour, a ≠ b ∧ b ≠ c ∧ a ≠ c :=
  ⟨.red, .green, .blue, nofun, nofun, nofun⟩
