mutual
theorem t (n : Nat) : n < n := by exact u n
theorem u (n : Nat) : n < n := by exact t n
end
