inductive Tree (α : Type) where
  | node : List (Tree α) → Tree α
theorem Tree.one (_ : Tree Nat) : (1 : Nat) = 1 := rfl
theorem t : (1 : Nat) = 1 := (Tree.node []).one
