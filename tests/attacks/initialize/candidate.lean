import Lean
open Lean
initialize IO.println "loaded"
builtin_initialize registerBuiltinAttribute { name := `cheat, descr := "", add := fun _ _ _ => pure () }
@[cheat] theorem t : False := by first | trivial | sorry
