import MathLM.Wire
open Lean Elab

/-! The environments that a source may start from, and which of them its head asks for. -/

namespace MathLM

/-- The environments that a check can start from. The embedded runtime has a prelude for Mathlib, a native one may have
Mathlib itself. -/
inductive Environments where
  | core
  | withPrelude
  | lean
  | mathlib

/-- As the wire names them. -/
def Environments.text : Environments → String
  | .core => "core"
  | .withPrelude => "core+prelude"
  | .lean => "lean"
  | .mathlib => "mathlib"

def Environments.imports : Environments → Array Import
  | .lean => #[{ module := `Init }, { module := `Std }, { module := `Lean }]
  | .mathlib => #[{ module := `Init }, { module := `Std }, { module := `Lean }, { module := `Mathlib }]
  | _ => #[{ module := `Init }, { module := `Std }]

/-- `core` is loaded at once, and the prelude, where there is one, elaborated on top of it; the others are imported
when they are first asked for. -/
structure Bases where
  core : Environment
  withPrelude? : Option Environment
  lean : IO.Ref (Option Environment)
  mathlib : IO.Ref (Option Environment)
  hasMathlib : Bool

/-- The environment that has all of both; there is none with both Lean's own modules and the prelude. -/
def Environments.join : Environments → Environments → Option Environments
  | .core, other => some other
  | other, .core => some other
  | .withPrelude, .withPrelude => some .withPrelude
  | .withPrelude, _ => none
  | _, .withPrelude => none
  | .lean, other => some other
  | .mathlib, _ => some .mathlib

/-- The main module is set, if only to what it is, since Lean then completes what `importModules` leaves open: without
that no term that names library constants alone can be compiled while a source is elaborated (`run_tac` does so). -/
def importBase (which : Environments) : IO Environment := do
  let env ← importModules which.imports {} 0 (leakEnv := true) (loadExts := true)
  return env.setMainModule env.mainModule

def Bases.get (bases : Bases) (which : Environments) : IO Environment :=
  match which with
  | .core => return bases.core
  | .withPrelude => return bases.withPrelude?.getD bases.core
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
  | some "core+prelude" => if bases.withPrelude?.isSome then .withPrelude else .core
  | some "lean" => .lean
  | some "mathlib" => if bases.hasMathlib then .mathlib else .core
  | _ => .core

/-- Lines may end as Windows ends them, which Lean's parser takes for an error. -/
def inputContext (text : String) : Parser.InputContext :=
  let source := text.crlfToLf
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

def isRoot (root : Name) : List Name → Bool
  | [] => false
  | r :: rest => r == root || isRoot root rest

/-- The environment that an import asks for. -/
def Bases.environmentOf (bases : Bases) (module : Name) : Option Environments :=
  match module.getRoot with
  | `Init => some .core
  | `Std => some .core
  | `Lean => some .lean
  | root =>
    if bases.hasMathlib then if isRoot root mathlibRoots then some .mathlib else none
    else if bases.withPrelude?.isSome && isRoot root [`Mathlib, `Batteries, `Aesop] then some .withPrelude
    else none

def chooseEnvironment (bases : Bases) (which : Environments) : List Name → Header
  | [] => .environment which
  | name :: rest => match bases.environmentOf name with
    | none => .missing name
    | some other => match which.join other with
      | some both => chooseEnvironment bases both rest
      | none => .missing (.str name " (together with Mathlib's or Lean's)")

def readHeader (bases : Bases) (header : Syntax) : Header :=
  if hasKind ``Parser.Module.prelude header then .prelude
  else chooseEnvironment bases .core (importedNames header [])

/-- Words that come with code that runs while a source is elaborated, or with ways out of the type system. A list
of words cannot be complete: what a worker leaves behind may make it claim wrong things, which the judge refuses. -/
def effectWords : List String :=
  ["IO", "Task", "spawn", "nsafe", "extern", "implemented_by", "macro", "syntax", "elab", "initialize", "eval",
   "native", "print", "run_", "simproc", "guard", "@[", "attribute", "uset", "ptrAddr", "lcProof"]

def mentions (source : String) : List String → Bool
  | [] => false
  | word :: rest => match source.splitOn word with
    | _ :: _ :: _ => true
    | _ => mentions source rest

def lastOf : List Char → Option Char
  | [] => none
  | [c] => some c
  | _ :: rest => lastOf rest

/-- Whether an effect word between these texts is only part of a name that runs nothing: `relabel`, `Clause.eval`,
`interval`. No keyword goes on with a letter behind `elab` (`elab`, `elab_rules`, `by_elab`), or has `eval` behind a
small letter or a dot (`#eval`), however a source is cut into tokens; but Mathlib has `eval%`. -/
def isPartOfName (before word after : String) : Bool :=
  if word == "elab" then after != "" && (String.Pos.Raw.get after 0).isAlpha
  else if word == "eval" then
    match lastOf before.toList with
    | some c => (c == '.' || c.isLower) && String.Pos.Raw.get after 0 != '%'
    | none => false
  else false

/-- Whether the word stands in a text that was split at it, other than as part of a name. -/
def standsIn (word : String) : List String → Bool
  | before :: after :: rest => !isPartOfName before word after || standsIn word (after :: rest)
  | _ => false

def mentionsEffects (source : String) : List String → Bool
  | [] => false
  | word :: rest => standsIn word (source.splitOn word) || mentionsEffects source rest

/-- Whether code of the source may reach, and change, what later requests to this process rely on (it imports
Lean itself, or mentions effects): then the process must not answer another. -/
def mayLeaveTraces (header : Header) (source : String) : Bool :=
  match header with
  | .environment .lean => true
  | .environment .mathlib => mentionsEffects source ("Lean" :: "Elab" :: "Meta" :: "Qq" :: effectWords)
  | _ => mentionsEffects source effectWords

/-- Words of a header. -/
def headerWords : List String := ["import", "prelude", "module", "public", "meta", "all"]

/-- Where `word` ends, if the source has it at `start`. -/
def wordAt (source : String) (start : String.Pos.Raw) : List Char → Option String.Pos.Raw
  | [] => some start
  | c :: rest =>
    if String.Pos.Raw.get source start == c then wordAt source (String.Pos.Raw.next source start) rest else none

def startsWithAny (source : String) (start : String.Pos.Raw) : List String → Bool
  | [] => false
  | word :: rest => (wordAt source start word.toList).isSome || startsWithAny source start rest

/-- A module's name of plain letters and dots at `start`, and where white space or the end of the source ends it.
(`get` answers 'A' past the end.) -/
partial def plainName (source : String) (start : String.Pos.Raw) (acc : String) : Option (String × String.Pos.Raw) :=
  let c := String.Pos.Raw.get source start
  if String.Pos.Raw.atEnd source start then if acc == "" then none else some (acc, start)
  else if c.isAlphanum || c == '.' then plainName source (String.Pos.Raw.next source start) (acc.push c)
  else if acc != "" && (c == '\n' || c == ' ') then some (acc, start) else none

/-- The modules imported at the head of a source where that has nothing but white space, comments and plain
`import NAME`, last first, and where the commands begin. -/
partial def plainImports (skip : String.Pos.Raw → Option String.Pos.Raw) (source : String) (start : String.Pos.Raw)
    (acc : List Name) : Option (List Name × String.Pos.Raw) := do
  let start ← skip start
  match wordAt source start "import ".toList with
  | some name =>
    let (text, stop) ← plainName source name ""
    let module := text.toName
    if module.isAnonymous then none
    else plainImports skip source stop (module :: acc)
  | none => if startsWithAny source start headerWords then none else some (acc, start)

/-- What the head of a source asks for, and where its commands begin. `Parser.parseHeader` makes an environment of its
own for each call, which costs a millisecond or two, so it is asked only where the head is not a plain one. -/
def parseHeader (bases : Bases) (input : Parser.InputContext) : IO (Header × Parser.ModuleParserState × MessageLog) := do
  let skip (start : String.Pos.Raw) : Option String.Pos.Raw :=
    let skipped := Parser.ParserFn.run Parser.whitespace input { env := bases.core, options := {} } {}
      ((Parser.mkParserState input.inputString).setPos start)
    if skipped.hasError then none else some skipped.pos
  match plainImports skip input.inputString 0 [] with
  | some (modules, pos) => return (chooseEnvironment bases .core modules, { pos }, {})
  | none =>
    let (header, parser, messages) ← Parser.parseHeader input
    return (readHeader bases header, parser, messages)

def leavesTraces (bases : Bases) (source : String) : IO Bool := do
  let (header, _, _) ← parseHeader bases (inputContext source)
  return mayLeaveTraces header source

end MathLM
