import MathLM.Goals
open Lean Elab

/-! Sessions: commands on top of earlier commands, and tactics on top of proof states, as the
leanprover-community REPL has them (its `REPL/Main.lean` fixes what is collected, and in which order).

A run is one command block or one tactic. The host numbers runs, says on which one a new one builds and which
may be forgotten; it knows how each was made and makes it again when it needs one that is gone
(`verify/lean/session.py`). Nothing here is certified. -/

namespace MathLM

/-- A proof state, and the goals that its proof set out from. -/
structure Snapshot where
  state : ProofState
  roots : List MVarId

/-- What a run left: for a command block its state, and every proof state that it told of. -/
structure Run where
  id : Nat
  block? : Option Command.State := none
  states : List Snapshot

abbrev Runs := List Run

def findRun (id : Nat) : Runs → Option Run
  | [] => none
  | run :: rest => if run.id == id then some run else findRun id rest

def dropRuns (ids : List Nat) : Runs → Runs
  | [] => []
  | run :: rest => if member run.id ids then dropRuns ids rest else run :: dropRuns ids rest
where
  member (id : Nat) : List Nat → Bool
    | [] => false
    | other :: rest => id == other || member id rest

def nthSnapshot : Nat → List Snapshot → Option Snapshot
  | _, [] => none
  | 0, s :: _ => some s
  | n + 1, _ :: rest => nthSnapshot n rest

/-- A proof state that a run tells of: a `sorry`, a tactic, or a goal that a proof sets out from. -/
structure Place where
  stx : Syntax
  /-- Whether the end of the syntax is told too. -/
  ends : Bool := true
  snapshot : Snapshot
  usedConstants : List String := []
  /-- For a tactic, as Lean prints it. -/
  tactic : String := ""

/-- The proof state in `info`, with the environment from before its command: a theorem is no proof of itself. -/
def snapshotAt (hole : Hole) (env : Environment) (mctx : MetavarContext) (roots? : Option (List MVarId)) :
    IO Snapshot := do
  let info := { hole.info with env, ngen := hole.info.ngen.mkChild.1 }
  let state ← { hole with info, mctx }.proofState
  let options := hole.info.options
  let state := { state with
    coreContext := { state.coreContext with
      fileMap := { source := "", positions := #[] }, maxHeartbeats := Core.getMaxHeartbeats options
      inheritedTraceOptions := ← inheritedTraceOptions.get }
    core := { state.core with infoState := { enabled := true } } }
  return { state, roots := match roots? with | some roots => roots | none => state.goals }

def firstOnly : List α → List α
  | [] => []
  | a :: _ => [a]

/-- `sorry`s of a tree: those that are tactics (one goal each), then those that are terms. -/
def sorryHoles (tree : InfoTree) (context? : Option ContextInfo) : List Hole :=
  let all := prepend (holes tree context? []) []
  append (tactics all) (terms all)
where
  tactics : List Hole → List Hole
    | [] => []
    | h :: rest => match h.goals with
      | g :: _ => { h with goals := [g] } :: tactics rest
      | [] => tactics rest
  terms : List Hole → List Hole
    | [] => []
    | h :: rest => match h.goals, h.expected? with
      | [], some _ => h :: terms rest
      | _, _ => terms rest

def sorryPlaces (env : Environment) (roots? : Option (List MVarId)) : List Hole → IO (List Place)
  | [] => return []
  | h :: rest => do
    let snapshot ← snapshotAt h env h.mctx roots?
    return { stx := h.stx, snapshot } :: (← sorryPlaces env roots? rest)

structure TacticHole where
  info : TacticInfo
  context : ContextInfo

/-- Tactics that only hold others together. -/
def structuring : List SyntaxNodeKind :=
  [`null, `Lean.cdot, `Lean.cdotTk, ``Parser.Term.byTactic, ``Parser.Tactic.tacticSeq,
   ``Parser.Tactic.tacticSeq1Indented, ``Parser.Tactic.«tactic_<;>_», ``Parser.Tactic.paren]

def isSubstantive (stx : Syntax) : Bool :=
  match stx with
  | .node _ kind _ => !memberKind kind structuring
  | _ => false

def isOriginal (stx : Syntax) : Bool :=
  match stx.getHeadInfo with
  | .original .. => true
  | _ => false

/-- Every tactic as it was written, outer ones first. -/
partial def tacticHoles (tree : InfoTree) (context? : Option ContextInfo) (acc : List TacticHole) : List TacticHole :=
  match tree with
  | .context partialInfo child => tacticHoles child (partialInfo.mergeIntoOuter? context?) acc
  | .hole _ => acc
  | .node info children =>
    let acc := match context?, info with
      | some context, .ofTacticInfo t =>
        if isOriginal t.stx && isSubstantive t.stx then { info := t, context } :: acc else acc
      | _, _ => acc
    go (persistentItems children) context? acc
where
  go : List InfoTree → Option ContextInfo → List TacticHole → List TacticHole
    | [], _, acc => acc
    | t :: rest, context?, acc => go rest context? (tacticHoles t context? acc)

/-- The outermost tactics: each starts a proof. -/
partial def rootHoles (tree : InfoTree) (context? : Option ContextInfo) (acc : List TacticHole) : List TacticHole :=
  match tree with
  | .context partialInfo child => rootHoles child (partialInfo.mergeIntoOuter? context?) acc
  | .hole _ => acc
  | .node info children =>
    match info with
    | .ofTacticInfo t => match context? with
      | some context => { info := t, context } :: acc
      | none => acc
    | _ => go (persistentItems children) context? acc
where
  go : List InfoTree → Option ContextInfo → List TacticHole → List TacticHole
    | [], _, acc => acc
    | t :: rest, context?, acc => go rest context? (rootHoles t context? acc)

def insertName (n : Name) : List Name → List Name
  | [] => [n]
  | m :: rest => match n.quickCmp m with
    | .lt => n :: m :: rest
    | .eq => m :: rest
    | .gt => m :: insertName n rest

def insertNames : List Name → List Name → List Name
  | [], acc => acc
  | n :: rest, acc => insertNames rest (insertName n acc)

def usedConstants (mctx : MetavarContext) : List MVarId → List Name → List Name
  | [], acc => acc
  | g :: rest, acc => match mctx.eAssignment.find? g with
    | some value => usedConstants mctx rest (insertNames (arrayItems value.getUsedConstants) acc)
    | none => usedConstants mctx rest acc

def printTactic (p : ProofState) (stx : Syntax) : IO String := do
  match ← p.runMeta (do return (← PrettyPrinter.ppTactic ⟨stx⟩).pretty) with
  | .ok text => return text
  | .error _ => return "<failed to pretty print>"

def holeOf (t : TacticHole) : Hole :=
  { stx := t.info.stx, info := t.context, mctx := t.info.mctxBefore, lctx := {}, goals := t.info.goalsBefore,
    expected? := none }

def tacticPlaces (env : Environment) : List TacticHole → IO (List Place)
  | [] => return []
  | t :: rest => do
    let snapshot ← snapshotAt (holeOf t) env t.info.mctxBefore none
    let tactic ← printTactic snapshot.state t.info.stx
    let used := mapList (fun n => n.toString) (usedConstants t.info.mctxAfter t.info.goalsBefore [])
    return { stx := t.info.stx, snapshot, tactic, usedConstants := used } :: (← tacticPlaces env rest)

def rootPlaces (env : Environment) : List TacticHole → IO (List Place)
  | [] => return []
  | t :: rest => do
    let snapshot ← snapshotAt (holeOf t) env t.info.mctxBefore none
    return { stx := t.info.stx, ends := false, snapshot } :: (← rootPlaces env rest)

/-- A command block while it is elaborated. -/
structure Block where
  input : Parser.InputContext
  state : Command.State
  messages : MessageLog
  /-- Info trees of each command and the environment before it, last first. -/
  trees : List (Environment × List InfoTree) := []

partial def runBlock (b : Block) (parser : Parser.ModuleParserState) : IO Block := do
  let ran ← runCommand b.input b.state parser
  let b := { b with
    messages := b.messages ++ ran.parseMessages ++ ran.state.messages
    trees := (b.state.env, persistentItems ran.state.infoState.trees) :: b.trees
    state := { ran.state with messages := {}, infoState := { enabled := true } } }
  if Parser.isTerminalCommand ran.command then return b else runBlock b ran.next

/-- Places of all commands, found by `find` in the trees of one. -/
def collect (find : Environment → List InfoTree → IO (List Place)) :
    List (Environment × List InfoTree) → List Place → IO (List Place)
  | [], acc => return acc
  | (env, trees) :: earlier, acc => do collect find earlier (append (← find env trees) acc)

def treesSorries : List InfoTree → List Hole
  | [] => []
  | t :: rest => append (sorryHoles t none) (treesSorries rest)

def treesTactics (find : InfoTree → List TacticHole) : List InfoTree → List TacticHole
  | [] => []
  | t :: rest => append (prepend (find t) []) (treesTactics find rest)

def placeJson (fileMap : FileMap) (place : Place) : IO String := do
  let start := fileMap.toPosition (place.stx.getPos?.getD 0)
  let stop := if place.ends then fileMap.toPosition (place.stx.getTailPos?.getD (place.stx.getPos?.getD 0)) else start
  return jsonObject [("goals", jsonArray (mapList quote (← place.snapshot.state.texts))),
    ("tactic", quote place.tactic), ("used", jsonArray (mapList quote place.usedConstants)),
    ("line", toString start.line), ("column", toString start.column),
    ("end_line", toString stop.line), ("end_column", toString stop.column)]

def placesJson (fileMap : FileMap) : List Place → IO (List String)
  | [] => return []
  | place :: rest => do
    let item ← placeJson fileMap place
    return item :: (← placesJson fileMap rest)

/-- The kernel is asked here, unlike for a candidate of a check: nothing looks at the result again. -/
def sessionState (which : Environments) (env : Environment) : Command.State :=
  let opts := optionsOf which
  { Command.mkState env {} opts with
    scopes := [{ header := "", opts }], infoState := { enabled := true } }

/-- Where a block starts: a fresh environment as its header asks, or an earlier block. -/
def startBlock (bases : Bases) (input : Parser.InputContext) :
    Option Command.State → IO (Except Header (Block × Parser.ModuleParserState))
  | some state => return .ok ({ input, state, messages := {} }, {})
  | none => do
    let (header, parser, messages) ← parseHeader bases input
    match header with
    | .environment which =>
      let messages := addMessages (notices which input.fileName) messages
      return .ok ({ input, state := sessionState which (← bases.get which), messages }, parser)
    | other => return .error other

def parseTactic (env : Environment) (text : String) : Except String Syntax :=
  match Parser.runParserCategory env `tactic text with
  | .ok stx => .ok stx
  | .error e => match Parser.runParserCategory env `tactic ("(\n" ++ text ++ "\n)") with
    | .ok stx => .ok stx -- several tactics, one below the other
    | .error _ => .error e

/-- A tactic, run: what it left and what it said. -/
structure Stepped where
  snapshot : Snapshot
  messages : MessageLog
  traces : List TraceElem
  sorries : List Place

def substituted (assignment : PersistentHashMap MVarId InfoTree) : List InfoTree → List InfoTree
  | [] => []
  | t :: rest => t.substitute assignment :: substituted assignment rest

def stepHoles (context : ContextInfo) : List InfoTree → List Hole
  | [] => []
  | t :: rest => append (sorryHoles t (some context)) (stepHoles context rest)

def Snapshot.step (s : Snapshot) (text : String) : IO (Except String Stepped) := do
  let p := s.state
  match parseTactic p.core.env text with
  | .error e => return .error e
  | .ok stx =>
    let run : TermElabM (List MVarId) := do
      let goals ← (Tactic.evalTactic stx) { elaborator := .anonymous } |>.run { goals := p.goals }
      Term.synthesizeSyntheticMVarsNoPostponing
      return goals.2.goals
    let context ← fromNow p.coreContext
    let core := { p.core with messages := {}, traceState := {}, infoState := { enabled := true } }
    match ← ((((run {} |>.run p.term) p.metaContext |>.run p.metaState) context |>.run core)).toBaseIO with
    | .error e => return .error (← e.toMessageData.toString)
    | .ok (((goals, term), metaState), core) =>
      let info : ContextInfo :=
        { env := core.env, fileMap := p.coreContext.fileMap, mctx := metaState.mctx, options := p.coreContext.options,
          currNamespace := p.coreContext.currNamespace, openDecls := p.coreContext.openDecls, ngen := core.ngen }
      let trees := substituted core.infoState.assignment (persistentItems core.infoState.trees)
      let sorries ← sorryPlaces core.env (some s.roots) (stepHoles info trees)
      -- the public REPL keeps goals that were solved on the way; here they are gone
      let left ← ProofState.step.unassigned metaState.mctx goals
      let clean := { core with messages := {}, traceState := {}, infoState := { enabled := true } }
      return .ok {
        snapshot := { s with state := { p with core := clean, metaState, term, goals := left } }
        messages := core.messages
        traces := persistentItems core.traceState.traces
        sorries }

def traceTexts : List TraceElem → IO (List String)
  | [] => return []
  | t :: rest => do
    let text ← t.msg.toString
    return text :: (← traceTexts rest)

def kernelComplaint (env : Environment) (type value : Expr) : IO (Option String) := do
  let levels := (collectLevelParams (collectLevelParams {} type) value).params
  let levelParams := arrayItems levels
  let decl := Declaration.defnDecl { name := .anonymous, type, value, levelParams, hints := .opaque, safety := .safe }
  match env.addDeclCore 0 decl none with
  | .ok _ => return none
  | .error e => return some (← (e.toMessageData {}).toString)

def localVariables : List (Option LocalDecl) → List Expr
  | [] => []
  | none :: rest => localVariables rest
  | some decl :: rest =>
    if decl.isImplementationDetail then localVariables rest else decl.toExpr :: localVariables rest

/-- What the public REPL says of a proof without open goals, in its words. Runs in the context of `root`. -/
def rootStatus (root : MVarId) : MetaM String := do
  let some proof := (← getMCtx).eAssignment.find? root | return "Error: Goal not assigned"
  let proof ← instantiateMVars proof
  let type ← instantiateMVars (← Meta.inferType proof)
  let expected ← instantiateMVars (← Meta.inferType (mkMVar root))
  unless ← Meta.isDefEq type expected do
    return "Error: proof has type " ++ toString (← Meta.ppExpr type) ++ " but root goal has type "
      ++ toString (← Meta.ppExpr expected)
  let variables := localVariables (persistentItems (← getLCtx).decls)
  let proof ← instantiateMVars (← Meta.mkLambdaFVars variables.toArray proof)
  if proof.hasExprMVar then return "Incomplete: contains metavariable(s)"
  let type ← instantiateMVars (← Meta.inferType proof)
  match ← kernelComplaint (← getEnv) type proof with
  | some complaint => return "Error: kernel type check failed: " ++ complaint
  | none => return if proof.hasSorry then "Incomplete: contains sorry" else "Completed"

def Snapshot.status (s : Snapshot) : IO String := do
  match s.state.goals, s.roots with
  | [], [root] =>
    let some decl := s.state.metaState.mctx.findDecl? root | return "Error: Goal not assigned"
    let metaContext := { s.state.metaContext with lctx := decl.lctx, localInstances := decl.localInstances }
    match ← { s.state with metaContext }.runMeta (rootStatus root) with
    | .ok status => return status
    | .error e => return "Error: " ++ e
  | [], _ => return "Not verified: more than one initial goal"
  | _, _ => return "Incomplete: open goals remain"

def Snapshot.fields (s : Snapshot) : IO (List (String × String)) := do
  return [("goals", jsonArray (mapList quote (← s.state.texts))), ("status", quote (← s.status))]

def placeSnapshots (places : List Place) : List Snapshot := mapList (fun place => place.snapshot) places

def naturals : List Json → List Nat
  | [] => []
  | j :: rest => match j.getNat? with
    | .ok n => n :: naturals rest
    | .error _ => naturals rest

def naturalsField (request : Json) (key : String) : List Nat :=
  match field? request key with
  | some (.arr items) => naturals (arrayItems items)
  | _ => []

end MathLM
