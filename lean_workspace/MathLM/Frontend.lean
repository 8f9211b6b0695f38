import MathLM.Wire
open Lean Elab

/-! Elaborating a whole source text from an immutable base environment. -/

namespace MathLM

/-- The environments that a check can start from, each with all of the one before. -/
inductive Environments where
  | core
  | lean
  | mathlib

def Environments.imports : Environments → Array Import
  | .core => #[{ module := `Init }, { module := `Std }]
  | .lean => #[{ module := `Init }, { module := `Std }, { module := `Lean }]
  | .mathlib => #[{ module := `Init }, { module := `Std }, { module := `Lean }, { module := `Mathlib }]

def Environments.text : Environments → String
  | .core => "core"
  | .lean => "lean"
  | .mathlib => "mathlib"

def Environments.larger : Environments → Environments → Environments
  | .core, b => b
  | .lean, .core => .lean
  | .lean, b => b
  | .mathlib, _ => .mathlib

/-- Environments that are loaded: all but `core` when they are first asked for. Mathlib may not be there. -/
structure Bases where
  core : Environment
  lean : IO.Ref (Option Environment)
  mathlib : IO.Ref (Option Environment)
  hasMathlib : Bool

def importBase (which : Environments) : IO Environment :=
  importModules which.imports {} 0 (leakEnv := true) (loadExts := true)

def Bases.get (bases : Bases) (which : Environments) : IO Environment :=
  match which with
  | .core => return bases.core
  | .lean => load bases.lean
  | .mathlib => load bases.mathlib
where
  load (loaded : IO.Ref (Option Environment)) : IO Environment := do
    match ← loaded.get with
    | some env => return env
    | none =>
      let env ← importBase which
      loaded.set (some env)
      return env

/-- The environment of that name; `core` for one that is not here. -/
def Bases.named (bases : Bases) : Option String → Environments
  | some "lean" => .lean
  | some "mathlib" => if bases.hasMathlib then .mathlib else .core
  | _ => .core

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

/-- Mathlib, and the packages that come with it. -/
def mathlibRoots : List Name := [`Mathlib, `Batteries, `Aesop, `Qq, `Plausible, `ProofWidgets]

def isMathlibRoot (root : Name) : List Name → Bool
  | [] => false
  | r :: rest => r == root || isMathlibRoot root rest

def chooseEnvironment (hasMathlib : Bool) (which : Environments) : List Name → Header
  | [] => .environment which
  | name :: rest => match name.getRoot with
    | `Init => chooseEnvironment hasMathlib which rest
    | `Std => chooseEnvironment hasMathlib which rest
    | `Lean => chooseEnvironment hasMathlib (which.larger .lean) rest
    | root =>
      if hasMathlib && isMathlibRoot root mathlibRoots then chooseEnvironment hasMathlib .mathlib rest
      else .missing name

def readHeader (bases : Bases) (header : Syntax) : Header :=
  if hasKind ``Parser.Module.prelude header then .prelude
  else chooseEnvironment bases.hasMathlib .core (importedNames header [])

/-- Words that come with code that runs while a source is elaborated, or with ways out of the type system. A list
of words cannot be complete: what a worker leaves behind may make it claim wrong things, which the judge refuses. -/
def effectWords : List String :=
  ["IO", "Task", "spawn", "nsafe", "extern", "implemented_by", "macro", "syntax", "elab", "initialize", "eval",
   "native", "print", "run_", "simproc", "@[", "attribute", "uset", "ptrAddr", "lcProof"]

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
  | .environment .mathlib => mentions source ("Lean" :: "Elab" :: "Meta" :: "Qq" :: effectWords)
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
  return mayLeaveTraces (readHeader bases header) source

/-- An attribute or an option that a source uses. The policy decides about it (`verify/lean/policy.toml`). -/
structure Used where
  rule : String
  name : String
  position : String.Pos.Raw

/-- A name as a source writes it where it declares it. -/
structure Declared where
  name : Name
  position : String.Pos.Raw
  isTheorem : Bool

/-- Words of a source that uses attributes or options. -/
def usingWords : List String := ["@[", "attribute", "set_option"]

partial def firstToken : Syntax → Option String
  | .atom _ text => some text
  | .ident _ _ name _ => some (name.toString (escape := false))
  | .node _ _ args => go (arrayItems args)
  | .missing => none
where
  go : List Syntax → Option String
    | [] => none
    | s :: rest => match firstToken s with
      | some text => some text
      | none => go rest

partial def usedIn (stx : Syntax) (acc : List Used) : List Used :=
  let note (rule : String) (what : Syntax) : List Used :=
    match firstToken what with
    | some name => { rule, name, position := what.getPos?.getD 0 } :: acc
    | none => acc
  let acc :=
    if stx.isOfKind ``Parser.Term.attrInstance then note "attributes" (stx.getArg 1)
    else if stx.isOfKind ``Parser.Command.set_option || stx.isOfKind ``Parser.Term.set_option
        || stx.isOfKind ``Parser.Tactic.set_option then note "options" (stx.getArg 1)
    else acc
  go (arrayItems stx.getArgs) acc
where
  go : List Syntax → List Used → List Used
    | [], acc => acc
    | s :: rest, acc => go rest (usedIn s acc)

/-- An elaborated source. -/
structure Elaborated where
  imports : Environments
  input : Parser.InputContext
  state : Command.State
  parseError : Bool
  /-- Last first. -/
  declared : List Declared := []
  /-- Whether attributes and options are looked for. -/
  watched : Bool := false
  /-- Last first. -/
  used : List Used := []
  /-- Info trees (where they are switched on), last command first. -/
  trees : List InfoTree := []

/-- What a quotation states (in a macro, say) is not stated by the source. -/
def isQuotation (stx : Syntax) : Bool :=
  stx.isOfKind ``Parser.Term.quot || stx.isOfKind ``Parser.Term.dynamicQuot || stx.isOfKind ``Parser.Command.quot

/-- The names that a command declares. Proofs of theorems are not searched. -/
partial def declaredNames (stx : Syntax) (acc : List Declared) : List Declared :=
  if isQuotation stx then acc
  else if stx.isOfKind ``Parser.Command.theorem then named true (stx.getArg 1) acc
  else if stx.isOfKind ``Parser.Command.declId then named false stx acc
  else go (arrayItems stx.getArgs) acc
where
  named (isTheorem : Bool) (id : Syntax) (acc : List Declared) : List Declared :=
    match identifiers (arrayItems id.getArgs) with
    | name :: _ => { name, position := id.getPos?.getD 0, isTheorem } :: acc
    | [] => acc
  go : List Syntax → List Declared → List Declared
    | [], acc => acc
    | s :: rest, acc => go rest (declaredNames s acc)

def initialState (env : Environment) (heartbeats : Nat) (infoTrees : Bool) : Command.State :=
  -- The judge replays every constant through the kernel anyway: checking here too would double that cost.
  let opts : Options := (({} : Options).setNat `maxHeartbeats heartbeats).setBool `debug.skipKernelTC true
  let state := Command.mkState env {} opts
  { state with
    scopes := [{ header := "", opts }]
    infoState := { state.infoState with enabled := infoTrees } }

/-- What runs code while it is elaborated, so that this code must compile. -/
def runningCode : List SyntaxNodeKind :=
  [`Lean.byElab, `Lean.Parser.Tactic.runTac] -- these are declared outside the modules that the server imports

/-- Whether a command only defines things. Library functions without loaded code fail to compile, so such commands
are elaborated as noncomputable: their definitions elaborate all the same, reduce in the kernel and can be decided. -/
partial def isDefinition (command : Syntax) : Bool :=
  if command.isOfKind ``Parser.Command.in then isDefinition (command.getArg 2)
  else (command.isOfKind ``Parser.Command.declaration || command.isOfKind ``Parser.Command.mutual)
    && !hasAny runningCode
where
  hasAny : List SyntaxNodeKind → Bool
    | [] => false
    | kind :: rest => hasKind kind command || hasAny rest

/-- `state` with the innermost scope noncomputable or not. -/
def setNoncomputable (value : Bool) (state : Command.State) : Command.State :=
  match state.scopes with
  | scope :: rest => { state with scopes := { scope with isNoncomputable := value } :: rest }
  | [] => state

/-- A command, elaborated: `state` has its messages and info trees alone. -/
structure Ran where
  command : Syntax
  next : Parser.ModuleParserState
  parseMessages : MessageLog
  state : Command.State

def runCommand (input : Parser.InputContext) (state : Command.State) (parser : Parser.ModuleParserState) : IO Ran := do
  let scope := match state.scopes with
    | scope :: _ => scope
    | [] => { header := "" }
  let context : Parser.ParserModuleContext :=
    { env := state.env, options := scope.opts, currNamespace := scope.currNamespace, openDecls := scope.openDecls }
  let (command, next, parseMessages) := Parser.parseCommand input context parser {}
  let defines := isDefinition command
  let before := { (if defines then setNoncomputable true state else state) with
    messages := {}, infoState := { enabled := state.infoState.enabled } }
  let commandContext : Command.Context :=
    { cmdPos := parser.pos, fileName := input.fileName, fileMap := input.fileMap, snap? := none, cancelTk? := none }
  match ← ((Command.elabCommandTopLevel command) commandContext |>.run before).toBaseIO with
  | .error ex => throw <| IO.userError (← ex.toMessageData.toString)
  | .ok (_, after) =>
    let after := if defines then setNoncomputable scope.isNoncomputable after else after
    return { command, next, parseMessages, state := after }

/-- Elaborates every command from `parser` on. Commands share nothing but the state handed on. -/
partial def elaborateCommands (e : Elaborated) (parser : Parser.ModuleParserState) : IO Elaborated := do
  let ran ← runCommand e.input e.state parser
  let e := { e with
    parseError := e.parseError || ran.parseMessages.hasErrors
    declared := declaredNames ran.command e.declared
    used := if e.watched then usedIn ran.command e.used else e.used
    trees := prepend (persistentItems ran.state.infoState.trees) e.trees
    state := { ran.state with messages := e.state.messages ++ ran.parseMessages ++ ran.state.messages } }
  if Parser.isTerminalCommand ran.command then return e else elaborateCommands e ran.next

/-- Commands that declare something or say where names are looked up, and run no code. -/
def plainCommands : List SyntaxNodeKind :=
  [``Parser.Command.declaration, ``Parser.Command.namespace, ``Parser.Command.section, ``Parser.Command.end,
   ``Parser.Command.open, ``Parser.Command.variable, ``Parser.Command.universe, ``Parser.Command.eoi,
   ``Parser.Command.set_option]

def memberKind (kind : SyntaxNodeKind) : List SyntaxNodeKind → Bool
  | [] => false
  | k :: rest => kind == k || memberKind kind rest

/-- Parts of a declaration that may run code while it is elaborated. -/
def runsCode (stx : Syntax) : Bool :=
  if stx.isOfKind ``Parser.Term.byTactic then !onlySorry stx
  else memberKind stx.getKind
    [``Parser.Term.attributes, ``Parser.Term.unsafe, ``Parser.Command.optDeriving, ``Parser.Term.dbgTrace,
     ``Parser.Term.declName] && written stx
where
  written (stx : Syntax) : Bool :=
    match stx.getHeadInfo with
    | .none => false
    | _ => true
  onlySorry (stx : Syntax) : Bool :=
    match stx.reprint with
    | some text => bare text
    | none => false
  bare (text : String) : Bool := text.trimAscii.toString == "by sorry" || text.trimAscii.toString == "by\n  sorry"

partial def anyNode (p : Syntax → Bool) (stx : Syntax) : Bool :=
  p stx || go (arrayItems stx.getArgs)
where
  go : List Syntax → Bool
    | [] => false
    | s :: rest => anyNode p s || go rest

/-- Whether a source only states things: it imports no more than the core library, every command is plain and
nothing in it runs code. Read by the library's own parser, before anything is elaborated. -/
partial def isPlain (bases : Bases) (source : String) : IO Bool := do
  let input := inputContext source
  let (header, parser, messages) ← parseHeader bases input
  match readHeader bases header with
  | .environment .core => if messages.hasErrors then return false else go input parser
  | _ => return false
where
  go (input : Parser.InputContext) (parser : Parser.ModuleParserState) : IO Bool := do
    let (command, next, messages) := Parser.parseCommand input { env := bases.core, options := {} } parser {}
    if messages.hasErrors || !memberKind command.getKind plainCommands || anyNode runsCode command then return false
    else if Parser.isTerminalCommand command then return true
    else go input next

/-- Elaborates `source` from the environment that its header asks for. -/
def elaborate (bases : Bases) (source : String) (heartbeats : Nat) (infoTrees : Bool) :
    IO (Except Header (Environment × Elaborated)) := do
  let input := inputContext source
  let (header, parser, messages) ← parseHeader bases input
  let asked := readHeader bases header
  match asked with
  | .environment which =>
    let base ← bases.get which
    let state := { initialState base heartbeats infoTrees with messages }
    let e ← elaborateCommands
      { imports := which, input, state, parseError := messages.hasErrors, watched := mentions source usingWords } parser
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
