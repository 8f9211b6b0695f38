import MathLM.Facts
import MathLM.Goals
open Lean

/-! Statements of the library's theorems, module by module, as training data and as premises.

The embedded runtime loads only the exported part of the library, where a theorem has no body and looks
like an axiom: what counts here is that its type is a proposition. -/

namespace MathLM

def isStatement (ci : ConstantInfo) : MetaM Bool := do
  match ci with
  | .thmInfo _ => return true
  | .axiomInfo _ => Meta.isProp ci.type
  | _ => return false

/-- Statements among the next `count` constants from place `i` on. -/
def statementsOf (env : Environment) (constants : Array ConstantInfo) (i : Nat) : Nat → MetaM (List String)
  | 0 => return []
  | count + 1 => do
    let some ci := constants[i]? | return []
    let others ← statementsOf env constants (i + 1) count
    if ci.name.isInternalDetail || isPrivateName ci.name then return others
    if !(← isStatement ci) then return others
    let text ← signature env ci.name
    return jsonObject [("name", nameJson ci.name), ("statement", quote text)] :: others

/-- Constants looked at in one request: interpreted recursion deepens the stack. -/
def libraryChunk : Nat := 100

/-- The statements among `libraryChunk` constants of the `index`-th imported module from place `start` on,
how many constants the module has, and how many modules there are. -/
def moduleStatements (env : Environment) (index start : Nat) : IO String := do
  let count := ("modules", toString env.header.moduleData.size)
  let some module := env.header.moduleNames[index]? | return jsonObject [count]
  let some data := env.header.moduleData[index]? | return jsonObject [count]
  let context : Core.Context := { fileName := "<library>", fileMap := FileMap.ofString "", maxHeartbeats := 0 }
  let run := statementsOf env data.constants start libraryChunk
  match ← ((run {} |>.run {}) context |>.run { env }).toBaseIO with
  | .error e => throw <| IO.userError (← e.toMessageData.toString)
  | .ok ((entries, _), _) =>
    return jsonObject [count, ("constants", toString data.constants.size), ("next", toString (start + libraryChunk)),
      ("module", nameJson module), ("statements", jsonArray entries)]

end MathLM
