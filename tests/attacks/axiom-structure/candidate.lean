axiom oracle : { n : Nat // n < 0 }
theorem t : False := absurd oracle.2 (Nat.not_lt_zero _)
