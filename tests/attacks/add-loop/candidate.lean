import Lean
open Lean

def claim (name proof : Name) : Declaration :=
  .thmDecl { name, levelParams := [], type := .const ``False [], value := .const proof [] }
def unchecked (decl : Declaration) (env : Environment) : Environment :=
  match env.addDeclCore 0 decl none (doCheck := false) with
  | .ok env => env
  | .error _ => env
run_cmd modifyEnv fun env => unchecked (claim `u `t) (unchecked (claim `t `u) env)
