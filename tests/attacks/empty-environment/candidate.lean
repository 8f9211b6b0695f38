import Lean
open Lean

run_cmd do
  let empty ← mkEmptyEnvironment
  let env := match empty.addDeclCore 0 (.axiomDecl { name := ``propext, levelParams := [], type := .const ``False [], isUnsafe := false }) none (doCheck := false) with
    | .ok env => match env.addDeclCore 0 (.thmDecl { name := `t, levelParams := [], type := .const ``False [], value := .const ``propext [] }) none (doCheck := false) with
      | .ok env => env
      | .error _ => env
    | .error _ => empty
  setEnv env
