partial def search (n : Nat) : Nat := if n = n + 1 then n else search (n + 1)
theorem t : ∃ n : Nat, n = n := ⟨search 0, rfl⟩
