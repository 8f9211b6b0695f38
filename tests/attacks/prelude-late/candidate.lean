/- a comment -/ import Init
prelude
theorem t : False := trivial
