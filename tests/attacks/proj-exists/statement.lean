theorem t : ∃ f : (∃ _ : Bool, True) → Bool, f = f := sorry
