/- /- nested -/ -/ -- more
module prelude
axiom False : Prop
theorem t : False := trivial
