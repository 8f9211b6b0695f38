theorem t : Nat.add (nat_lit 18446744073709551615) (nat_lit 1) = nat_lit 0 := sorry
