import Lean
open Lean

structure Box where bit : Bool
inductive Tagged (α : Type) (tag : Bool) : Type where | mk

/-- A type nested in `Tagged`, whose tag takes a number for a box. The kernel does not look at the tag. -/
def illTyped : Declaration :=
  let tag := Expr.proj ``Box 0 (.lit (.natVal 0))
  let own := Expr.const `Nested []
  let field := Expr.app (.app (.const ``Tagged []) own) tag
  .inductDecl [] 0
    [{ name := `Nested, type := .sort (.succ .zero),
       ctors := [{ name := `Nested.mk, type := .forallE `x field own .default }] }] false

run_cmd modifyEnv fun env =>
  match env.addDeclCore 0 illTyped none (doCheck := true) with
  | .ok env => env
  | .error _ => env

theorem boom : ∀ _ : Nested, True := fun _ => trivial
