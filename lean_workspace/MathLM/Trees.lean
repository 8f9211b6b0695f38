import MathLM.Session
open Lean Elab

/-! The tactic nodes of info trees as JSON, in the shape of the leanprover-community REPL's `infotree`. -/

namespace MathLM

def positionJson (fileMap : FileMap) (at_ : String.Pos.Raw) : String :=
  let p := fileMap.toPosition at_
  jsonObject [("line", toString p.line), ("column", toString p.column)]

def kindNames : List Syntax → List String
  | [] => []
  | s :: rest => quote s.getKind.toString :: kindNames rest

/-- Which tactics a client asks for; none for a word that says nothing. -/
def treeFilter (word : String) : Option (Syntax → Bool) :=
  match word with
  | "tactics" => some fun _ => true
  | "original" => some isOriginal
  | "substantive" => some isSubstantive
  | _ => none

def goalTexts (t : TacticHole) (mctx : MetavarContext) (goals : List MVarId) : IO String := do
  let state ← ({ stx := t.info.stx, info := t.context, mctx, lctx := {}, goals, expected? := none } : Hole).proofState
  return jsonArray (mapList quote (← state.texts))

def tacticNode (t : TacticHole) (children : List String) : IO String := do
  let stx := t.info.stx
  let fileMap := t.context.fileMap
  let start := stx.getPos?.getD 0
  let range := jsonObject [("synthetic", jsonBool (!isOriginal stx)), ("start", positionJson fileMap start),
    ("finish", positionJson fileMap (stx.getTailPos?.getD start))]
  let printed ← printTactic (← (holeOf t).proofState) stx
  let name := match stx with
    | .node _ kind _ => quote kind.toString
    | _ => "null"
  let node := jsonObject [
    ("stx", jsonObject [("range", range), ("pp", quote printed), ("kind", quote stx.getKind.toString),
      ("argKinds", jsonArray (kindNames (arrayItems stx.getArgs)))]),
    ("name", name), ("goalsBefore", ← goalTexts t t.info.mctxBefore t.info.goalsBefore),
    ("goalsAfter", ← goalTexts t t.info.mctxAfter t.info.goalsAfter)]
  return jsonObject [("node", node), ("kind", quote "TacticInfo"), ("children", jsonArray children)]

/-- The tactics that `keep` wants, each above those inside it. -/
partial def tacticTrees (keep : Syntax → Bool) (tree : InfoTree) (context? : Option ContextInfo) : IO (List String) :=
  match tree with
  | .context partialInfo child => tacticTrees keep child (partialInfo.mergeIntoOuter? context?)
  | .hole _ => return []
  | .node info children => do
    let below ← go (persistentItems children)
    match context?, info with
    | some context, .ofTacticInfo t =>
      if keep t.stx then return [← tacticNode { info := t, context } below] else return below
    | _, _ => return below
where
  go : List InfoTree → IO (List String)
    | [] => return []
    | t :: rest => do
      let here ← tacticTrees keep t context?
      return append here (← go rest)

def blockTrees (keep : Syntax → Bool) : List (Environment × List InfoTree) → List String → IO (List String)
  | [], acc => return acc
  | (_, trees) :: earlier, acc => do blockTrees keep earlier (append (← each trees) acc)
where
  each : List InfoTree → IO (List String)
    | [] => return []
    | t :: rest => do
      let here ← tacticTrees keep t none
      return append here (← each rest)

end MathLM
