import Lean
open Lean

run_cmd do
  modifyEnv fun env => match env.addDeclCore 0 (.axiomDecl { name := `cheat, levelParams := [], type := .const ``False [], isUnsafe := true }) none with
    | .ok env => match env.addDeclCore 0 (.thmDecl { name := `t, levelParams := [], type := .const ``False [], value := .const `cheat [] }) none (doCheck := false) with
      | .ok env => env
      | .error _ => env
    | .error _ => env
