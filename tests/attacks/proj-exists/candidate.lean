import Lean
open Lean

def type : Expr := .app (.app (.const ``Exists [.succ .zero]) (.const ``Bool [])) (.lam `b (.const ``Bool []) (.const ``True []) .default)
def claim : Declaration := .defnDecl
  { name := `witness, levelParams := [], type := .forallE `h type (.const ``Bool []) .default,
    value := .lam `h type (.proj ``Exists 0 (.bvar 0)) .default, hints := .abbrev, safety := .safe }
run_cmd modifyEnv fun env => match env.addDeclCore 0 claim none (doCheck := false) with
  | .ok env => env
  | .error _ => env
theorem t : ∃ f : (∃ _ : Bool, True) → Bool, f = f := ⟨witness, rfl⟩
