inductive Rose (α : Type) : Type where
  | leaf : α → Rose α
  | node : List (Rose α) → Array (Rose α) → Rose α
inductive Bush : Type → Type 1 where
  | nil : Bush α
  | cons : α → Bush (α × α) → Bush α
def Bush.size : Bush α → Nat
  | .nil => 0
  | .cons _ b => 1 + 2 * b.size
def Rose.size : Rose α → Nat
  | .leaf _ => 1
  | .node l _ => l.length
theorem t : ∃ n : Nat, n = n := ⟨(Bush.nil (α := Nat)).size + (Rose.leaf 1).size, rfl⟩
