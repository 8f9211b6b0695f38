def holds (n : Nat) : Prop := n = 7
instance : Coe Nat Prop := ⟨fun _ => True⟩
local macro_rules | `(holds $n) => `((($n : Nat) : Prop))
theorem t : holds 5 := trivial
