@[implemented_by not] def same (b : Bool) : Bool := b
def lie : Bool := same false
theorem lied : lie = true := Lean.ofReduceBool lie true rfl
theorem t : False := nomatch lied
