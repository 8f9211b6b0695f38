import MathLM.Frontend
open Lean Elab

/-! Goals at each `sorry`, and tactic steps from a goal.

A proof state is named by its source, the number of the hole and the tactics run so far, so a request says
everything and any worker can answer it; states met before are remembered, up to `limit` of them. Steps
serve search only: a finished proof is always put together as source and judged as a whole. -/

namespace MathLM

structure ProofState where
  core : Core.State
  coreContext : Core.Context
  metaState : Meta.State
  metaContext : Meta.Context
  term : Term.State
  goals : List MVarId

abbrev ProofStates := List (String × ProofState)

def ProofStates.limit : Nat := 1024

def takeList : Nat → List α → List α
  | 0, _ => []
  | _, [] => []
  | n + 1, a :: rest => a :: takeList n rest

def findState (key : String) : ProofStates → Option ProofState
  | [] => none
  | (k, p) :: rest => if k == key then some p else findState key rest

/-- A `sorry` found in an info tree. -/
structure Hole where
  stx : Syntax
  info : ContextInfo
  mctx : MetavarContext
  lctx : LocalContext
  goals : List MVarId
  expected? : Option Expr

partial def holes (tree : InfoTree) (context? : Option ContextInfo) (acc : List Hole) : List Hole :=
  match tree with
  | .context partialInfo child => holes child (partialInfo.mergeIntoOuter? context?) acc
  | .hole _ => acc
  | .node info children =>
    let here := match context?, info with
      | some c, .ofTacticInfo t =>
        if t.stx.isOfKind ``Parser.Tactic.tacticSorry then
          some { stx := t.stx, info := c, mctx := t.mctxBefore, lctx := {}, goals := t.goalsBefore, expected? := none }
        else none
      | some c, .ofTermInfo t =>
        if t.stx.isOfKind ``Parser.Term.sorry then
          some { stx := t.stx, info := c, mctx := c.mctx, lctx := t.lctx, goals := [], expected? := t.expectedType? }
        else none
      | _, _ => none
    match here with
    | some hole => hole :: acc
    | none => go (persistentItems children) acc
where
  go : List InfoTree → List Hole → List Hole
    | [], acc => acc
    | t :: rest, acc => go rest (holes t context? acc)

/-- Holes in the order of the source; `trees` comes last command first. -/
def allHoles (trees : List InfoTree) : List Hole :=
  let rec go : List InfoTree → List Hole → List Hole
    | [], acc => acc
    | t :: rest, acc => go rest (append (prepend (holes t none []) []) acc)
  go trees []

def localInstances (decls : List (Option LocalDecl)) (acc : LocalInstances) : MetaM LocalInstances := do
  match decls with
  | [] => return acc
  | none :: rest => localInstances rest acc
  | some decl :: rest => match ← Meta.isClass? decl.type with
    | some className => localInstances rest (acc.push { className, fvar := decl.toExpr })
    | none => localInstances rest acc

/-- The goals of the hole; for a term hole a new goal of the expected type. -/
def Hole.openGoals (hole : Hole) : MetaM (List MVarId) := do
  match hole.expected? with
  | none => return hole.goals
  | some type =>
    let instances ← localInstances (persistentItems hole.lctx.decls) #[]
    let goal ← Meta.mkFreshExprMVarAt hole.lctx instances type .syntheticOpaque
    return [goal.mvarId!]

/-- Heartbeats of the process are counted from its start, the limit from now. -/
def fromNow (context : Core.Context) : IO Core.Context := do
  return { context with initHeartbeats := ← IO.getNumHeartbeats }

def Hole.proofState (hole : Hole) : IO ProofState := do
  let info := hole.info
  let coreContext : Core.Context :=
    { currNamespace := info.currNamespace, openDecls := info.openDecls, fileName := "<input>",
      fileMap := info.fileMap, options := info.options }
  let core : Core.State := { env := info.env, ngen := info.ngen }
  let metaContext : Meta.Context := { lctx := hole.lctx }
  match ← ((hole.openGoals metaContext |>.run { mctx := hole.mctx }) (← fromNow coreContext) |>.run core).toBaseIO with
  | .error e => throw <| IO.userError (← e.toMessageData.toString)
  | .ok ((goals, metaState), core) => return { core, coreContext, metaState, metaContext, term := {}, goals }

def ProofState.runMeta (p : ProofState) (x : MetaM α) : IO (Except String α) := do
  match ← ((x p.metaContext |>.run p.metaState) (← fromNow p.coreContext) |>.run p.core).toBaseIO with
  | .ok ((a, _), _) => return .ok a
  | .error e => return .error (← e.toMessageData.toString)

def printGoals : List MVarId → MetaM (List String)
  | [] => return []
  | g :: rest => do
    let text := toString (← Meta.ppGoal g)
    return text :: (← printGoals rest)

def ProofState.texts (p : ProofState) : IO (List String) := do
  match ← p.runMeta (printGoals p.goals) with
  | .ok texts => return texts
  | .error e => return [e]

/-- Runs `tactic` (one or several lines) on the goals of `p`; an error of Lean's is the left side. -/
def ProofState.step (p : ProofState) (tactic : String) (heartbeats : Nat) : IO (Except String ProofState) := do
  match Parser.runParserCategory p.core.env `tactic ("(\n" ++ tactic ++ "\n)") with
  | .error e => return .error e
  | .ok stx =>
    let context ← fromNow { p.coreContext with maxHeartbeats := heartbeats * 1000 }
    let run : TermElabM (List MVarId) := do
      let goals ← (Tactic.evalTactic stx) { elaborator := .anonymous, recover := false } |>.run { goals := p.goals }
      Term.synthesizeSyntheticMVarsNoPostponing
      return goals.2.goals
    let core := { p.core with messages := {} }
    match ← ((((run { errToSorry := false } |>.run p.term) p.metaContext |>.run p.metaState) context |>.run core)).toBaseIO with
    | .error e => return .error (← e.toMessageData.toString)
    | .ok (((goals, term), metaState), core) =>
      if core.messages.hasErrors then
        return .error (← messagesJson core.messages 4096)
      return .ok { p with core, metaState, term, goals := ← unassigned metaState.mctx goals }
where
  unassigned (mctx : MetavarContext) : List MVarId → IO (List MVarId)
    | [] => return []
    | g :: rest => do
      let others ← unassigned mctx rest
      return if (mctx.eAssignment.find? g).isSome || (mctx.dAssignment.find? g).isSome then others else g :: others

end MathLM
