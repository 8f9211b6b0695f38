import MathLM.Header
open Lean Elab

/-! Elaborating a whole source text from an immutable base environment. -/

namespace MathLM

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

/-- Unknown names are errors where the prelude stands for Mathlib: `Real` must not become a variable. -/
def optionsOf : Environments → Options
  | .withPrelude => ({} : Options).setBool `relaxedAutoImplicit false
  | _ => {}

def initialState (env : Environment) (options : Options) (infoTrees : Bool) : Command.State :=
  -- The judge replays every constant through the kernel anyway: checking here too would double that cost.
  let opts := options.setBool `debug.skipKernelTC true
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
  match header with
  | .environment .core => if messages.hasErrors then return false else go bases.core input parser
  | .environment .withPrelude =>
    if messages.hasErrors then return false else go (← bases.get .withPrelude) input parser
  | _ => return false
where
  go (env : Environment) (input : Parser.InputContext) (parser : Parser.ModuleParserState) : IO Bool := do
    let (command, next, messages) := Parser.parseCommand input { env, options := {} } parser {}
    if messages.hasErrors || !memberKind command.getKind plainCommands || anyNode runsCode command then return false
    else if Parser.isTerminalCommand command then return true
    else go env input next

/-- What is said of the environment where its name does not say it. -/
def notices (which : Environments) (fileName : String) : List Lean.Message :=
  match which with
  | .withPrelude =>
    [{ fileName, pos := ⟨1, 0⟩, severity := .information,
       data := .ofFormat (.text ("`import Mathlib` stands for MathLM's own prelude here: Mathlib's names for numbers, " ++
         "finite sets, sums and congruences over ℕ, ℤ, ℚ, and its tactics; there are no real numbers")) }]
  | _ => []

def addMessages : List Lean.Message → MessageLog → MessageLog
  | [], log => log
  | m :: rest, log => addMessages rest (log.add m)

/-- Elaborates `source` from the environment that its header asks for. -/
def elaborate (bases : Bases) (source : String) (heartbeats : Nat) (infoTrees : Bool) :
    IO (Except Header (Environment × Elaborated)) := do
  let input := inputContext source
  let (asked, parser, messages) ← parseHeader bases input
  match asked with
  | .environment which =>
    let base ← bases.get which
    let options := (optionsOf which).setNat `maxHeartbeats heartbeats
    let messages := addMessages (notices which input.fileName) messages
    let state := { initialState base options infoTrees with messages }
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
