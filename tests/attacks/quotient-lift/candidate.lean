set_option debug.skipKernelTC true
def same (_ _ : Bool) : Prop := True
unsafe def lie : ∀ a b, same a b → id a = id b := fun _ _ _ => lcProof
@[implemented_by lie] axiom liar : ∀ a b, same a b → id a = id b
def out (q : Quot same) : Bool := Quot.lift id liar q
theorem t : true = false := congrArg out (Quot.sound trivial : Quot.mk same true = Quot.mk same false)
