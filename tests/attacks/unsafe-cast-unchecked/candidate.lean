import Lean
open Lean

run_cmd do
  let value := Expr.app (.app (.app (.const ``unsafeCast [.zero, .zero]) (.const ``True [])) (.const ``False [])) (.const ``True.intro [])
  match (← getEnv).addDeclCore 0 (.thmDecl { name := `t, levelParams := [], type := .const ``False [], value }) none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => pure ()
