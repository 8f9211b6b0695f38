import MathLM.Facts
open Lean Elab

/-! Making the prelude's environment, once, when the memory image is made.

The prelude is part of the trusted environment: unlike a candidate it is elaborated with the kernel on. Any
error, warning, axiom or `sorry` in it stops the preparation. -/

namespace MathLM

/-- Where `verify/lean/freeze.cjs` puts the prelude's files, and the list of their names in order. -/
def preludeFolder : String := "/prelude/"

/-- A section's instance that one of its lemmas can do without is no fault. -/
def preludeOptions : Options :=
  ((({} : Options).setBool `relaxedAutoImplicit false).setBool `linter.unusedSectionVars false).setNat
    `maxHeartbeats 1000000

def complaints (file : String) : List Lean.Message → IO (List String)
  | [] => return []
  | m :: rest => do
    let others ← complaints file rest
    match m.severity with
    | .information => return others
    | _ => return joinWith ":" [file, toString m.pos.line, toString m.pos.column, " " ++ (← m.data.toString)] :: others

/-- Constants of the prelude that rest on more than the kernel and the library. -/
def unproved : List ConstantInfo → List String
  | [] => []
  | ci :: rest =>
    let others := unproved rest
    match ci with
    | .axiomInfo v => ("axiom " ++ v.name.toString) :: others
    | ci => if memberName ``sorryAx (reached ci) then ("sorry in " ++ ci.name.toString) :: others else others

def elaborateFile (env : Environment) (name : String) : IO Environment := do
  let input := inputContext (← IO.FS.readFile (System.FilePath.mk (preludeFolder ++ name ++ ".lean")))
  let state := Command.mkState env {} preludeOptions
  let state := { state with scopes := [{ header := "", opts := preludeOptions }] }
  let e ← elaborateCommands { imports := .core, input, state, parseError := false } {}
  match ← complaints name (persistentItems e.state.messages.unreported) with
  | [] => return e.state.env
  | found => throw <| IO.userError ("the prelude does not elaborate:\n" ++ joinWith "\n" found)

def elaborateFiles (env : Environment) : List String → IO Environment
  | [] => return env
  | name :: rest => do elaborateFiles (← elaborateFile env name) rest

def elaboratePrelude (core : Environment) : IO Environment := do
  let names := (← IO.FS.readFile (System.FilePath.mk (preludeFolder ++ "order"))).splitOn " "
  let env ← elaborateFiles core names
  match unproved (addedConstants core env) with
  | [] => return env
  | found => throw <| IO.userError ("the prelude is not proved:\n" ++ joinWith "\n" found)

end MathLM
