prelude
inductive Eq {α : Type} (a : α) : α → Prop where
  | refl (b : α) : Eq a b
