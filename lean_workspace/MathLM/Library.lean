import MathLM.Facts
import MathLM.Goals
open Lean

/-! Statements of the library's theorems, module by module, as training data and as premises.
The prelude counts as one more module, after the last: `Mathlib`, which a source imports to see it.

The embedded runtime loads only the exported part of the library, where a theorem has no body and looks
like an axiom: what counts here is that its type is a proposition. -/

namespace MathLM

def isStatement (ci : ConstantInfo) : MetaM Bool := do
  match ci with
  | .thmInfo _ => return true
  | .axiomInfo _ => Meta.isProp ci.type
  | _ => return false

/-- `e` in the form that theorems with the same meaning share: `=` and `↔` with their sides in the order of their
hashes, `↔` as `=` of propositions, `≥ > ≠ ¬` unfolded, no metadata. -/
partial def canonical (e : Expr) : Expr :=
  e.replace fun
    | .mdata _ body => some (canonical body)
    | .app (.const ``Not _) p => some (denied (canonical p))
    | .app (.app (.app (.const ``Eq levels) type) a) b => some (equal levels (canonical type) (canonical a) (canonical b))
    | .app (.app (.app (.const ``Ne levels) type) a) b =>
      some (denied (equal levels (canonical type) (canonical a) (canonical b)))
    | .app (.app (.const ``Iff _) a) b => some (equal [.succ .zero] (.sort .zero) (canonical a) (canonical b))
    | .app (.app (.app (.app (.const ``GE.ge levels) type) inst) a) b => some (turned ``LE.le levels type inst a b)
    | .app (.app (.app (.app (.const ``GT.gt levels) type) inst) a) b => some (turned ``LT.lt levels type inst a b)
    | _ => none
where
  denied (p : Expr) : Expr := .forallE `h p (.const ``False []) .default
  equal (levels : List Level) (type a b : Expr) : Expr :=
    if a.hash ≤ b.hash then .app (.app (.app (.const ``Eq levels) type) a) b
    else .app (.app (.app (.const ``Eq levels) type) b) a
  turned (relation : Name) (levels : List Level) (type inst a b : Expr) : Expr :=
    .app (.app (.app (.app (.const relation levels) (canonical type)) (canonical inst)) (canonical b)) (canonical a)

/-- A hash of 64 bits, put together from Lean's own of 32: of each hypothesis and each part of the conclusion. -/
def longHash : Expr → UInt64
  | .forallE _ type body _ => mixHash type.hash (longHash body)
  | .app f a => mixHash (longHash f) a.hash
  | e => e.hash

def sameLevels : List Name → List Level
  | [] => []
  | _ :: rest => .param `u :: sameLevels rest

/-- Equal for theorems that say the same (names and kinds of binders and universes do not count). -/
def aliasKey (ci : ConstantInfo) : String :=
  toString (longHash (canonical (ci.type.instantiateLevelParams ci.levelParams (sameLevels ci.levelParams))))

/-- Statements among the next `count` of the constants. Of what Lean made on the way (`f._simp_1`, `f.eq_1`) the
name alone. -/
def statementsOf (env : Environment) : Nat → List ConstantInfo → MetaM (List String)
  | 0, _ => return []
  | _, [] => return []
  | count + 1, ci :: rest => do
    let others ← statementsOf env count rest
    if isPrivateName ci.name || !(← isStatement ci) then return others
    if ci.name.isInternalDetail then return jsonObject [("name", nameJson ci.name)] :: others
    let text ← signature env ci.name
    return jsonObject [("name", nameJson ci.name), ("statement", quote text), ("alias", quote (aliasKey ci)),
      ("deprecated", jsonBool (Linter.isDeprecated env ci.name))] :: others

/-- Constants looked at in one request: interpreted recursion deepens the stack. -/
def libraryChunk : Nat := 100

def dropList : Nat → List α → List α
  | 0, items => items
  | _, [] => []
  | n + 1, _ :: rest => dropList n rest

def lengthOf : List α → Nat → Nat
  | [], known => known
  | _ :: rest, known => lengthOf rest (known + 1)

def chunkOf (items : Array ConstantInfo) (start : Nat) : Nat → List ConstantInfo
  | 0 => []
  | count + 1 => match items[start]? with
    | some ci => ci :: chunkOf items (start + 1) count
    | none => []

/-- The statements among `libraryChunk` constants of the `index`-th module from place `start` on, how many
constants the module has, and how many modules there are. -/
def moduleStatements (bases : Bases) (index start : Nat) : IO String := do
  let core := bases.core
  let imported := core.header.moduleData.size
  let count := imported + if bases.withPrelude?.isSome then 1 else 0
  let total := ("modules", toString count)
  let (env, name, size, chunk) ← match core.header.moduleNames[index]?, core.header.moduleData[index]? with
    | some name, some data =>
      pure (core, name, data.constants.size, chunkOf data.constants start libraryChunk)
    | _, _ =>
      if index ≥ count then return jsonObject [total]
      let env ← bases.get .withPrelude
      let added := addedConstants core env
      pure (env, `Mathlib, lengthOf added 0, takeList libraryChunk (dropList start added))
  let context : Core.Context := { fileName := "<library>", fileMap := FileMap.ofString "", maxHeartbeats := 0 }
  let run := statementsOf env libraryChunk chunk
  match ← ((run {} |>.run {}) context |>.run { env }).toBaseIO with
  | .error e => throw <| IO.userError (← e.toMessageData.toString)
  | .ok ((entries, _), _) =>
    return jsonObject [total, ("constants", toString size), ("next", toString (start + libraryChunk)),
      ("module", nameJson name), ("statements", jsonArray entries)]

end MathLM
