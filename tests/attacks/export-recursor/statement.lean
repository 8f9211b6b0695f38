inductive Bit where
  | off | on
def Bit.isOn (b : Bit) : Bool := Bit.rec false true b
theorem t : Bit.isOn .on = true := sorry
