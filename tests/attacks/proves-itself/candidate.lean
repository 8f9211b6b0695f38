theorem t (n : Nat) : n < n + 0 := t n
