abbrev t : Nat := 2
instance : Decidable (∃ n : Nat, n * n = 2) := .isFalse (by
  rintro ⟨n, h⟩
  match n with
  | 0 | 1 => simp at h
  | n + 2 => simp [Nat.add_mul, Nat.mul_add] at h; omega)
