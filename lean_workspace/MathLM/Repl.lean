import MathLM.Library
import MathLM.Judge
import MathLM.Trees
open Lean

/-! The elaboration server: a request in, an answer out, both JSON text that never leaves memory, so that
nothing that a candidate prints can pass for an answer. -/

namespace MathLM

/-- The trusted source of the last check: many candidates for one statement come in a row. -/
structure Trusted where
  text : String
  heartbeats : Nat
  elaborated : Elaborated

/-- Constants for the host, as fields of an answer: their addresses where the host reads memory, else their text. -/
abbrev Writer := List (String × List ConstantInfo) → IO (List (String × String))

structure Server where
  bases : Bases
  write : Writer
  states : IO.Ref ProofStates
  trusted : IO.Ref (Option Trusted)
  exported : IO.Ref (List ConstantInfo)
  library : IO.Ref Library
  runs : IO.Ref Runs

def headerError : Header → String
  | .missing module => jsonObject [("missing_import", quote module.toString)]
  | .prelude => jsonObject [("forbidden", quote "`prelude`: a source must start from the library")]
  | .environment _ => jsonObject [("error", quote "unreachable")]

def factsOf (base : Environment) (find : Find) (challenge? : Option Challenge) (replayed? : Option Environment)
    (asked : Asked) : List Name → IO (List String)
  | [] => return []
  | n :: rest => do
    let fact ← theoremFacts base find n challenge? replayed? asked
    return fact :: (← factsOf base find challenge? replayed? asked rest)

/-- The trusted source, elaborated on its own from the untouched library. -/
def Server.elaborateTrusted (server : Server) (text : String) (heartbeats : Nat) :
    IO (Except Header Elaborated) := do
  if let some last := ← server.trusted.get then
    if last.text == text && last.heartbeats == heartbeats then return .ok last.elaborated
  match ← elaborate server.bases text heartbeats false with
  | .error header => return .error header
  | .ok (_, elaborated) =>
    server.trusted.set (some { text, heartbeats, elaborated })
    return .ok elaborated

unsafe def addresses : List ConstantInfo → List String
  | [] => []
  | ci :: rest => toString (ptrAddrUnsafe ci).toNat :: addresses rest

/-- All that the theorems of a source reach among its own constants, last first. -/
def coneOf (base : Environment) (env : Environment) : List ConstantInfo → Cone → Cone
  | [], cone => cone
  | .thmInfo v :: rest, cone => coneOf base env rest (visit base env.find? v.name cone)
  | _ :: rest, cone => coneOf base env rest cone

def placeFields (fileMap : FileMap) (position : String.Pos.Raw) : List (String × String) :=
  let p := fileMap.toPosition position
  [("line", toString p.line), ("column", toString p.column)]

def usedJson (fileMap : FileMap) (used : Used) : String :=
  jsonObject (("rule", quote used.rule) :: ("name", quote used.name) :: placeFields fileMap used.position)

def declaredAt (n : Name) : List Declared → Option String.Pos.Raw
  | [] => none
  | d :: rest => if isWritten n d.name then some d.position else declaredAt n rest

/-- Where the constants are declared that a refusal may have to name; none for what a metaprogram added. -/
def declaredJson (fileMap : FileMap) (declared : List Declared) : List ConstantInfo → List String → List String
  | [], acc => acc
  | ci :: rest, acc => match declaredAt ci.name declared with
    | some position =>
      declaredJson fileMap declared rest (jsonObject (("name", nameJson ci.name) :: placeFields fileMap position) :: acc)
    | none => declaredJson fileMap declared rest acc

/-- `{"op":"check","source","heartbeats","output_bytes"}`: elaborates a candidate. The answer has the messages, the
theorems that the source states, attributes and options that it uses, places of declarations, and what its theorems
reach, for the host to export. Nothing of it is trusted: the verdict rests on what `Server.judge` finds in the
exported text. -/
unsafe def Server.check (server : Server) (request : Json) : IO String := do
  let budget := natField request "output_bytes" 65536
  let source := (stringField? request "source").getD ""
  match ← elaborate server.bases source (natField request "heartbeats" 200000) false with
  | .error header => return headerError header
  | .ok (base, candidate) =>
    let env := candidate.state.env
    let exported := prepend (coneOf base env (addedConstants base env) {}).added []
    server.exported.set exported -- alive until the host has read them
    return jsonObject (append [("parse_error", jsonBool candidate.parseError),
      ("environment", quote candidate.imports.text),
      ("messages", ← messagesJson candidate.state.messages budget),
      ("theorems", jsonArray (mapList nameJson (statedTheorems base candidate))),
      ("used", jsonArray (mapList (usedJson candidate.input.fileMap) (prepend candidate.used []))),
      ("places", jsonArray (declaredJson candidate.input.fileMap candidate.declared exported []))]
      (← server.write [("addresses", exported)]))

/-- What a second kernel is to check: the library constants that the claims need and that were not handed out
before (all of them with `"library":"all"`), and the claims. None where the request does not ask. -/
unsafe def Server.handOut (server : Server) (base : Environment) (claims : List ConstantInfo) (request : Json) :
    IO (List (String × String)) := do
  match stringField? request "library" with
  | none => return []
  | some which =>
    let known ← if which == "all" then pure {} else server.library.get
    let library := libraryOf base claims { known with new := [] }
    server.library.set library -- alive until the host has read them, as are the claims
    server.exported.set claims
    server.write [("addresses", prepend library.new []), ("claims", claims)]

/-- The names of constants that mean something: the compiler's own (`f._unsafe_rec`) are for running only. -/
def namesOf : List ConstantInfo → List Name
  | [] => []
  | ci :: rest => if ci.isUnsafe || ci.isPartial then namesOf rest else ci.name :: namesOf rest

def inductiveNames : List ConstantInfo → List Name
  | [] => []
  | .inductInfo v :: rest => v.name :: inductiveNames rest
  | _ :: rest => inductiveNames rest

/-- The constants that `given` says yes to, and the others, each in the order reversed. -/
def divide (given : Name → Bool) : List ConstantInfo → List ConstantInfo → List ConstantInfo →
    List ConstantInfo × List ConstantInfo
  | [], yes, no => (yes, no)
  | ci :: rest, yes, no => if given ci.name then divide given rest (ci :: yes) no else divide given rest yes (ci :: no)

/-- `{"op":"prelude"}`: what the prelude adds to the library and which axioms it rests on, for audits. With
`kernel` 1 also all of it for a second kernel, which takes inductive types, and what they need, as given. -/
unsafe def Server.auditPrelude (server : Server) (request : Json) : IO String := do
  let core := server.bases.core
  let env ← server.bases.get .withPrelude
  let added := addedConstants core env
  let names := namesOf added
  let cone := visit.visitAll core env.find? names {}
  let fields := [("axioms", jsonArray (mapList nameJson cone.axioms)), ("missing", jsonArray (mapList nameJson cone.missing)),
    ("constants", jsonArray (mapList constantJson cone.added))]
  if natField request "kernel" 0 == 0 then return jsonObject fields
  let types := Library.add.addAll env (inductiveNames added) {}
  let all := Library.add.addAll env (append [``Nat, ``String.ofList, ``Char.ofNat, ``Eq] names) {}
  let (library, claims) := divide (fun n => inLibrary core n || types.seen.contains n) all.new [] []
  server.exported.set (append library claims) -- alive until the host has read them
  return jsonObject (append (← server.write [("addresses", library), ("claims", claims)]) fields)

def namesFrom : List Json → List Name
  | [] => []
  | .str text :: rest => text.toName :: namesFrom rest
  | _ :: rest => namesFrom rest

def outsideLibrary (base : Environment) : List Name → List Name
  | [] => []
  | n :: rest => if inLibrary base n then outsideLibrary base rest else n :: outsideLibrary base rest

/-- `{"op":"judge","statement"?,"theorems","environment","forbidden"?,"describe","heartbeats","output_bytes",
"declarations"}`: facts on every theorem that `statement` states (or, without it, on `theorems`), found in `declarations` alone.
With `library` also what a second kernel needs (see `Server.handOut`). The statement is elaborated first, on its
own. `forbidden` names library constants that no proof may use; `not_in_library` are those that the library lacks.
With `describe` 1 the facts have the statements as Lean prints them. -/
unsafe def Server.judgeClaims (server : Server) (request : Json) (declarations : List Json) (tables : Tables) :
    IO String := do
  let budget := natField request "output_bytes" 65536
  let forbidden := namesFrom (arrayField request "forbidden")
  let asks : Asked := { forbidden, describe := natField request "describe" 0 == 1 }
  let claims := tables.claims declarations .empty
  let claimed := server.bases.named (stringField? request "environment")
  let (challenge?, stated, asked, said) ← match stringField? request "statement" with
    | none =>
      pure (none, claimed, namedAll (claimedTheorems claims []) (arrayField request "theorems"), [])
    | some statement =>
      match ← server.elaborateTrusted statement (natField request "heartbeats" 200000) with
      | .error header => return headerError header
      | .ok trusted =>
        let messages ← messagesJson trusted.state.messages budget
        let challenge : Challenge := { base := ← server.bases.get trusted.imports, env := trusted.state.env }
        pure (some challenge, trusted.imports, statedTheorems challenge.base trusted, [("statement_messages", messages)])
  let some which := claimed.join stated |
    return headerError (.missing (.str .anonymous "Lean (in one of proof and statement, and Mathlib in the other)"))
  let base ← server.bases.get which
  let cone := visit.visitAll base claims.find? asked {}
  let checked := prepend cone.added []
  let replayed? ← match ← replay base cone with
    | .ok env => pure (some env)
    | .error _ => pure none
  let facts ← factsOf base claims.find? challenge? replayed? asks asked
  return jsonObject (append (← server.handOut base checked request) (append said
    [("environment", quote which.text), ("theorems", jsonArray facts),
     ("not_in_library", jsonArray (mapList nameJson (outsideLibrary base forbidden)))]))

unsafe def Server.judge (server : Server) (text : String) (names : Array Name) (expressions : Array Expr) :
    IO String := do
  match Json.parse text with
  | .error e => return jsonObject [("error", quote e)]
  | .ok request =>
    try server.judgeClaims request (arrayField request "declarations") { names, expressions }
    catch e => return jsonObject [("error", quote (toString e))]

/-- `{"op":"traces","source"?,"statement"?}`: whether a process that elaborates this may not answer another. Asked
by the host before it hands the request on, so that no code of the request can have changed the answer. -/
def Server.traces (server : Server) (request : Json) : IO String := do
  let source ← match stringField? request "source" with
    | some source => leavesTraces server.bases source
    | none => pure false
  let statement ← match stringField? request "statement" with
    | some statement => return jsonObject [("recycle", jsonBool (source || !(← isPlain server.bases statement)))]
    | none => pure false
  return jsonObject [("recycle", jsonBool (source || statement))]

def holeJson (fileMap : FileMap) (hole : Hole) : IO String := do
  let start := fileMap.toPosition (hole.stx.getPos?.getD 0)
  let stop := fileMap.toPosition (hole.stx.getTailPos?.getD 0)
  return jsonObject [("goals", jsonArray (mapList quote (← (← hole.proofState).texts))),
    ("line", toString start.line), ("column", toString start.column),
    ("end_line", toString stop.line), ("end_column", toString stop.column)]

def holesJson (fileMap : FileMap) : List Hole → IO (List String)
  | [] => return []
  | hole :: rest => do
    let item ← holeJson fileMap hole
    return item :: (← holesJson fileMap rest)

/-- `{"op":"goals","source","heartbeats","output_bytes"}`: the goals at each `sorry`. -/
def Server.goals (server : Server) (request : Json) : IO String := do
  let source := (stringField? request "source").getD ""
  match ← elaborate server.bases source (natField request "heartbeats" 200000) true with
  | .error header => return headerError header
  | .ok (_, e) =>
    return jsonObject [("holes", jsonArray (← holesJson e.input.fileMap (allHoles e.trees))),
      ("parse_error", jsonBool e.parseError),
      ("messages", ← messagesJson e.state.messages (natField request "output_bytes" 65536))]

def Server.remember (server : Server) (key : String) (p : ProofState) : IO Unit := do
  server.states.set (takeList ProofStates.limit ((key, p) :: (← server.states.get)))

def nthHole : Nat → List Hole → Option Hole
  | _, [] => none
  | 0, hole :: _ => some hole
  | n + 1, _ :: rest => nthHole n rest

/-- The proof state after `tactics` (last first) at a hole of `source`. -/
def Server.stateAfter (server : Server) (source : String) (hole heartbeats : Nat) :
    List String → IO (Except String ProofState)
  | [] => do
    let key := joinWith "\x00" [source, toString hole]
    if let some p := findState key (← server.states.get) then return .ok p
    match ← elaborate server.bases source heartbeats true with
    | .error _ => return .error "the source does not elaborate here"
    | .ok (_, e) => match nthHole hole (allHoles e.trees) with
      | none => return .error "there is no such `sorry`"
      | some h => do
        let p ← h.proofState
        server.remember key p
        return .ok p
  | tactic :: before => do
    let key := joinWith "\x00" (source :: toString hole :: tactic :: before)
    if let some p := findState key (← server.states.get) then return .ok p
    match ← server.stateAfter source hole heartbeats before with
    | .error e => return .error e
    | .ok p => match ← p.step tactic heartbeats with
      | .error e => return .error e
      | .ok p => do
        server.remember key p
        return .ok p

def strings : List Json → List String
  | [] => []
  | .str s :: rest => s :: strings rest
  | _ :: rest => strings rest

/-- `{"op":"step","source","hole","tactics","heartbeats"}`: the goals after the tactics at a `sorry`. -/
def Server.step (server : Server) (request : Json) : IO String := do
  let tactics := match field? request "tactics" with
    | some (.arr items) => prepend (strings (arrayItems items)) []
    | _ => []
  let source := (stringField? request "source").getD ""
  match ← server.stateAfter source (natField request "hole" 0) (natField request "heartbeats" 200000) tactics with
  | .error e => return jsonObject [("failed", quote e)]
  | .ok p => return jsonObject [("goals", jsonArray (mapList quote (← p.texts)))]

/-- `{"op":"block","id","base"?,"text","all_tactics","root_goals","infotree","output_bytes"}`: a command block on top of the
run `base`, or on the environment that its header asks for. The proof states of the run: sorries, root goals, tactics. -/
def Server.block (server : Server) (request : Json) : IO String := do
  let runs ← server.runs.get
  let state? ← match field? request "base" with
    | none => pure none
    | some base => match (base.getNat?.toOption.bind (findRun · runs)).bind (fun run => run.block?) with
      | some state => pure (some state)
      | none => return jsonObject [("lost", "true")]
  let input := inputContext ((stringField? request "text").getD "")
  match ← startBlock server.bases input state? with
  | .error header => return headerError header
  | .ok (start, parser) =>
    let block ← runBlock start parser
    let sorries ← collect (fun env trees => sorryPlaces env none (treesSorries trees)) block.trees []
    let roots ← if natField request "root_goals" 0 == 0 then pure [] else
      collect (fun env trees => rootPlaces env (treesTactics (rootHoles · none []) trees)) block.trees []
    let tactics ← if natField request "all_tactics" 0 == 0 then pure [] else
      collect (fun env trees => tacticPlaces env (treesTactics (tacticHoles · none []) trees)) block.trees []
    let trees ← match treeFilter ((stringField? request "infotree").getD "") with
      | some keep => blockTrees keep block.trees []
      | none => pure []
    let sorries := append sorries roots
    let states := placeSnapshots (append sorries tactics)
    server.runs.set ({ id := natField request "id" 0, block? := some block.state, states } :: runs)
    return jsonObject [("messages", ← messagesJson block.messages (natField request "output_bytes" 65536)),
      ("sorries", jsonArray (← placesJson input.fileMap sorries)),
      ("tactics", jsonArray (← placesJson input.fileMap tactics)), ("infotree", jsonArray trees)]

def Server.snapshot? (server : Server) (request : Json) : IO (Option Snapshot) := do
  return match findRun (natField request "base" 0) (← server.runs.get) with
    | some run => nthSnapshot (natField request "index" 0) run.states
    | none => none

/-- `{"op":"tactic","id","base","index","text","output_bytes"}`: a tactic on a proof state. The proof states of the
run: sorries in the tactic, then what it left. -/
def Server.tactic (server : Server) (request : Json) : IO String := do
  let some snapshot ← server.snapshot? request | return jsonObject [("lost", "true")]
  match ← snapshot.step ((stringField? request "text").getD "") with
  | .error e => return jsonObject [("failed", quote e)]
  | .ok stepped =>
    let states := append (placeSnapshots stepped.sorries) [stepped.snapshot]
    server.runs.set ({ id := natField request "id" 0, states } :: (← server.runs.get))
    return jsonObject (append (← stepped.snapshot.fields) [
      ("messages", ← messagesJson stepped.messages (natField request "output_bytes" 65536)),
      ("sorries", jsonArray (← placesJson { source := "", positions := #[] } stepped.sorries)),
      ("traces", jsonArray (mapList quote (← traceTexts stepped.traces)))])

/-- `{"op":"state","base","index"}`: a proof state's goals and status. -/
def Server.state (server : Server) (request : Json) : IO String := do
  let some snapshot ← server.snapshot? request | return jsonObject [("lost", "true")]
  return jsonObject (← snapshot.fields)

/-- `{"op":"forget","runs"}`: free what the host no longer counts on. -/
def Server.forget (server : Server) (request : Json) : IO String := do
  server.runs.set (dropRuns (naturalsField request "runs") (← server.runs.get))
  return jsonObject [("forgotten", "true")]

unsafe def Server.answer (server : Server) (request : Json) : IO String :=
  match stringField? request "op" with
  | some "traces" => server.traces request
  | some "check" => server.check request
  | some "goals" => server.goals request
  | some "step" => server.step request
  | some "prelude" => server.auditPrelude request
  | some "block" => server.block request
  | some "tactic" => server.tactic request
  | some "state" => server.state request
  | some "forget" => server.forget request
  | some "library" => moduleStatements server.bases (natField request "module" 0) (natField request "start" 0)
  | _ => return jsonObject [("error", quote "unknown operation")]

/-- The answer to one request, both as JSON text. -/
unsafe def Server.answerText (server : Server) (text : String) : IO String := do
  match Json.parse text with
  | .error e => return jsonObject [("error", quote e)]
  | .ok request => try server.answer request catch e => return jsonObject [("error", quote (toString e))]

/-- A server with the core library loaded, and what `prelude` makes of it. -/
def newServer (write : Writer) (prelude : Environment → IO (Option Environment)) (hasMathlib : Bool) : IO Server := do
  let core ← importBase .core
  let bases : Bases :=
    { core, withPrelude? := ← prelude core, lean := ← IO.mkRef none, mathlib := ← IO.mkRef none, hasMathlib }
  return { bases, write, states := ← IO.mkRef [], trusted := ← IO.mkRef none, exported := ← IO.mkRef [],
           library := ← IO.mkRef {}, runs := ← IO.mkRef [] }

end MathLM
