def secret : Nat := 41
theorem t : secret = secret ∧ 40 < secret := sorry
