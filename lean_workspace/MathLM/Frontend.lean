import MathLM.Wire
open Lean Elab

/-! Elaborating a whole source text from an immutable base environment. -/

namespace MathLM

/-- The environments that a check can start from. `lean` is imported when it is first asked for. -/
structure Bases where
  core : Environment
  lean : IO.Ref (Option Environment)

inductive Environments where
  | core
  | lean

def Environments.imports : Environments → Array Import
  | .core => #[{ module := `Init }, { module := `Std }]
  | .lean => #[{ module := `Init }, { module := `Std }, { module := `Lean }]

def importBase (which : Environments) : IO Environment :=
  importModules which.imports {} 0 (leakEnv := true) (loadExts := true)

def Bases.get (bases : Bases) : Environments → IO Environment
  | .core => return bases.core
  | .lean => do
    match ← bases.lean.get with
    | some env => return env
    | none =>
      let env ← importBase .lean
      bases.lean.set (some env)
      return env

def inputContext (source : String) : Parser.InputContext :=
  { inputString := source, fileName := "<input>", fileMap := FileMap.ofString source,
    endPos := source.rawEndPos, endPos_valid := by simp }

/-- What the head of a source asks for. -/
inductive Header where
  | environment (which : Environments)
  | missing (module : Name)
  | prelude

def identifiers : List Syntax → List Name
  | [] => []
  | s :: rest => if s.isIdent then s.getId :: identifiers rest else identifiers rest

partial def importedNames (stx : Syntax) (acc : List Name) : List Name :=
  if stx.isOfKind ``Parser.Module.import then
    -- `public? meta? import all? NAME`
    match identifiers (arrayItems stx.getArgs) with
    | name :: _ => name :: acc
    | [] => acc
  else go (arrayItems stx.getArgs) acc
where
  go : List Syntax → List Name → List Name
    | [], acc => acc
    | s :: rest, acc => go rest (importedNames s acc)

partial def hasKind (kind : SyntaxNodeKind) (stx : Syntax) : Bool :=
  stx.isOfKind kind || go (arrayItems stx.getArgs)
where
  go : List Syntax → Bool
    | [] => false
    | s :: rest => hasKind kind s || go rest

def chooseEnvironment (which : Environments) : List Name → Header
  | [] => .environment which
  | name :: rest => match name.getRoot with
    | `Init => chooseEnvironment which rest
    | `Std => chooseEnvironment which rest
    | `Lean => chooseEnvironment .lean rest
    | _ => .missing name

def readHeader (header : Syntax) : Header :=
  if hasKind ``Parser.Module.prelude header then .prelude
  else chooseEnvironment .core (importedNames header [])

/-- Words without which code of a source can start no task, touch no file and leave the type system nowhere. -/
def effectWords : List String :=
  ["IO", "Task", "spawn", "unsafe", "extern", "implemented_by", "macro", "syntax", "elab", "initialize"]

def mentions (source : String) : List String → Bool
  | [] => false
  | word :: rest => match source.splitOn word with
    | _ :: _ :: _ => true
    | _ => mentions source rest

/-- Whether code of the source may reach, and change, what later requests to this process rely on (it imports
Lean itself, or mentions effects): then the process must not answer another. -/
def mayLeaveTraces (header : Header) (source : String) : Bool :=
  match header with
  | .environment .lean => true
  | _ => mentions source effectWords

/-- Words of a header: a source without them has none. -/
def headerWords : List String := ["import", "prelude", "module"]

/-- The header of a source, and where its commands begin. `Parser.parseHeader` makes an environment of its own
for each call, which costs a millisecond, so it is asked only where there may be a header. -/
def parseHeader (bases : Bases) (input : Parser.InputContext) :
    IO (Syntax × Parser.ModuleParserState × MessageLog) := do
  let skipped := Parser.ParserFn.run Parser.whitespace input { env := bases.core, options := {} } {}
    (Parser.mkParserState input.inputString)
  if skipped.hasError || mentions input.inputString headerWords then
    let (header, parser, messages) ← Parser.parseHeader input
    return (header, parser, messages)
  else return (.missing, { pos := skipped.pos }, {})

def leavesTraces (bases : Bases) (source : String) : IO Bool := do
  let (header, _, _) ← parseHeader bases (inputContext source)
  return mayLeaveTraces (readHeader header) source

/-- An elaborated source. -/
structure Elaborated where
  /-- See `mayLeaveTraces`. -/
  leavesTraces : Bool
  imports : Environments
  input : Parser.InputContext
  state : Command.State
  parseError : Bool
  /-- Names as written after `theorem`, last first. -/
  stated : List Name := []
  /-- Info trees (where they are switched on), last command first. -/
  trees : List InfoTree := []

/-- What a quotation states (in a macro, say) is not stated by the source. -/
def isQuotation (stx : Syntax) : Bool :=
  stx.isOfKind ``Parser.Term.quot || stx.isOfKind ``Parser.Term.dynamicQuot || stx.isOfKind ``Parser.Command.quot

partial def statedNames (stx : Syntax) (acc : List Name) : List Name :=
  if isQuotation stx then acc
  else if stx.isOfKind ``Parser.Command.theorem then
    match identifiers (arrayItems (stx.getArg 1).getArgs) with
    | name :: _ => name :: acc
    | [] => acc
  else go (arrayItems stx.getArgs) acc
where
  go : List Syntax → List Name → List Name
    | [], acc => acc
    | s :: rest, acc => go rest (statedNames s acc)

def initialState (env : Environment) (heartbeats : Nat) (infoTrees : Bool) : Command.State :=
  -- The judge replays every constant through the kernel anyway: checking here too would double that cost.
  let opts : Options := (({} : Options).setNat `maxHeartbeats heartbeats).setBool `debug.skipKernelTC true
  let state := Command.mkState env {} opts
  -- Library functions without loaded code fail to compile; noncomputable definitions still elaborate,
  -- reduce in the kernel and can be decided.
  { state with
    scopes := [{ header := "", isNoncomputable := true, opts }]
    infoState := { state.infoState with enabled := infoTrees } }

/-- Elaborates every command from `parser` on. Commands share nothing but the state handed on. -/
partial def elaborateCommands (e : Elaborated) (parser : Parser.ModuleParserState) : IO Elaborated := do
  let scope := match e.state.scopes with
    | scope :: _ => scope
    | [] => { header := "" }
  let context : Parser.ParserModuleContext :=
    { env := e.state.env, options := scope.opts, currNamespace := scope.currNamespace,
      openDecls := scope.openDecls }
  let (command, next, parseMessages) := Parser.parseCommand e.input context parser {}
  let before := e.state.messages
  let commandContext : Command.Context :=
    { cmdPos := parser.pos, fileName := e.input.fileName, fileMap := e.input.fileMap, snap? := none,
      cancelTk? := none }
  match ← ((Command.elabCommandTopLevel command) commandContext |>.run { e.state with messages := {} }).toBaseIO with
  | .error ex => throw <| IO.userError (← ex.toMessageData.toString)
  | .ok (_, state) =>
    let e := { e with
      parseError := e.parseError || parseMessages.hasErrors
      stated := statedNames command e.stated
      trees := prepend (persistentItems state.infoState.trees) e.trees
      state := { state with messages := before ++ parseMessages ++ state.messages } }
    if Parser.isTerminalCommand command then return e else elaborateCommands e next

/-- Elaborates `source` from the environment that its header asks for. -/
def elaborate (bases : Bases) (source : String) (heartbeats : Nat) (infoTrees : Bool) :
    IO (Except Header (Environment × Elaborated)) := do
  let input := inputContext source
  let (header, parser, messages) ← parseHeader bases input
  let asked := readHeader header
  match asked with
  | .environment which =>
    let base ← bases.get which
    let state := { initialState base heartbeats infoTrees with messages }
    let leavesTraces := mayLeaveTraces asked source
    let e ← elaborateCommands { leavesTraces, imports := which, input, state, parseError := messages.hasErrors } parser
    return .ok (base, e)
  | other => return .error other

def severityText : MessageSeverity → String
  | .information => "info"
  | .warning => "warning"
  | .error => "error"

/-- Messages as JSON, cut at `budget` bytes of text. -/
def messagesJson (log : MessageLog) (budget : Nat) : IO String := do
  return jsonArray (← go (persistentItems log.unreported) budget)
where
  go : List Lean.Message → Nat → IO (List String)
    | [], _ => return []
    | m :: rest, budget => do
      if m.isSilent then return ← go rest budget
      let full ← m.data.toString
      let text := if full.utf8ByteSize ≤ budget then full else (full.take budget).toString ++ " […]"
      let ends := match m.endPos with
        | some p => [("end_line", toString p.line), ("end_column", toString p.column)]
        | none => []
      let item := jsonObject (append [("severity", quote (severityText m.severity)), ("line", toString m.pos.line),
        ("column", toString m.pos.column), ("text", quote text)] ends)
      return item :: (← go rest (budget - text.utf8ByteSize))

end MathLM
