inductive Colour where
  | red | green
theorem t : ∃ a b c : Colour, a ≠ b ∧ b ≠ c ∧ a ≠ c := sorry
