class Given (p : Prop) : Prop where
  proof : p
axiom given (p : Prop) : Given p
attribute [instance] given
theorem of_given {p : Prop} [g : Given p] : p := g.proof
theorem t : (1 : Nat) = 2 := of_given
