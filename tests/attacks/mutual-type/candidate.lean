mutual
inductive Even : Nat → Prop where
  | zero : Even 0
  | succ : Odd n → Even (n + 1)
inductive Odd : Nat → Prop where
  | succ : Even n → Odd (n + 1)
end
theorem Odd.positive : Odd n → 0 < n := fun | .succ _ => Nat.succ_pos _
theorem t : ∃ n : Nat, 0 < n := ⟨1, (Odd.succ Even.zero).positive⟩
