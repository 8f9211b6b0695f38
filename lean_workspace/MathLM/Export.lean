import MathLM.Facts
import MathLM.Seen
open Lean

/-! Lean's constants as text, written by Lean itself: what `verify/lean/export.cjs` reads out of the embedded
runtime's memory, line for line the same (lean4export's NDJSON, version 3.1.0). A native process writes with this;
`tests/verify/lean/test_native_host.py` runs it in the embedded runtime and compares the two byte by byte.

Terms are shared a lot, so each object is looked up by its address first and by its text then. Metadata is left
out; a free or meta variable is an error. Nothing here is trusted: the judge reads the text as a stranger's. -/

namespace MathLM

structure Exporter where
  lines : List String := [] -- last first
  names : Written := { next := 1 }
  levels : Written := { next := 1 }
  expressions : Written := { next := 0 }

abbrev Exporting := IO.Ref Exporter

/-- A string as JavaScript's `JSON.stringify` writes it. -/
def quoteText (s : String) : String := go s.toList "\"" ++ "\""
where
  go : List Char → String → String
    | [], acc => acc
    | c :: rest, acc => go rest (acc ++ escaped c)
  escaped (c : Char) : String :=
    if c == '"' then "\\\"" else if c == '\\' then "\\\\"
    else if c.toNat ≥ 32 then c.toString
    else match c.toNat with
      | 8 => "\\b"
      | 9 => "\\t"
      | 10 => "\\n"
      | 12 => "\\f"
      | 13 => "\\r"
      | n => "\\u00" ++ (if n ≥ 16 then "1" else "0") ++ digit (n % 16)
  digit (n : Nat) : String :=
    if n < 10 then toString n else (Char.ofNat (87 + n)).toString

unsafe def exportName (x : Exporting) (n : Name) : IO Nat := do
  match n with
  | .anonymous => return 0
  | .str prefix_ part =>
    match (← x.get).names.at? (ptrAddrUnsafe n) with
    | some place => return place
    | none => add ("\"str\":{\"pre\":" ++ toString (← exportName x prefix_) ++ ",\"str\":" ++ quoteText part ++ "}")
  | .num prefix_ i =>
    match (← x.get).names.at? (ptrAddrUnsafe n) with
    | some place => return place
    | none => add ("\"num\":{\"pre\":" ++ toString (← exportName x prefix_) ++ ",\"i\":" ++ toString i ++ "}")
where
  add (text : String) : IO Nat := do
    let state ← x.get
    let (index, names, line?) := place state.names "in" text
    x.set { state with names := names.know (ptrAddrUnsafe n) index, lines := withLine line? state.lines }
    return index

unsafe def exportLevel (x : Exporting) (l : Level) : IO Nat := do
  match l with
  | .zero => return 0
  | _ => match (← x.get).levels.at? (ptrAddrUnsafe l) with
    | some place => return place
    | none => match l with
      | .zero => return 0
      | .succ a => add ("\"succ\":" ++ toString (← exportLevel x a))
      | .max a b => add ("\"max\":" ++ (← pair a b))
      | .imax a b => add ("\"imax\":" ++ (← pair a b))
      | .param n => add ("\"param\":" ++ toString (← exportName x n))
      | .mvar _ => throw <| IO.userError "a universe metavariable is left"
where
  pair (a b : Level) : IO String := do
    let a ← exportLevel x a
    let b ← exportLevel x b
    return "[" ++ toString a ++ "," ++ toString b ++ "]"
  add (text : String) : IO Nat := do
    let state ← x.get
    let (index, levels, line?) := place state.levels "il" text
    x.set { state with levels := levels.know (ptrAddrUnsafe l) index, lines := withLine line? state.lines }
    return index

unsafe def exportLevels (x : Exporting) : List Level → IO (List String)
  | [] => return []
  | l :: rest => do
    let l ← exportLevel x l
    return toString l :: (← exportLevels x rest)

def binderText : BinderInfo → String
  | .default => "default"
  | .implicit => "implicit"
  | .strictImplicit => "strictImplicit"
  | .instImplicit => "instImplicit"

unsafe def exportExpr (x : Exporting) (e : Expr) : IO Nat := do
  match (← x.get).expressions.at? (ptrAddrUnsafe e) with
  | some place => return place
  | none => match e with
    | .bvar i => add ("\"bvar\":" ++ toString i)
    | .sort l => add ("\"sort\":" ++ toString (← exportLevel x l))
    | .const n us =>
      let n ← exportName x n
      add ("\"const\":{\"name\":" ++ toString n ++ ",\"us\":" ++ jsonArray (← exportLevels x us) ++ "}")
    | .app fn arg =>
      let fn ← exportExpr x fn
      let arg ← exportExpr x arg
      add ("\"app\":{\"fn\":" ++ toString fn ++ ",\"arg\":" ++ toString arg ++ "}")
    | .lam n type body info => binder "lam" n type body info
    | .forallE n type body info => binder "forallE" n type body info
    | .letE n type value body nondep =>
      let n ← exportName x n
      let type ← exportExpr x type
      let value ← exportExpr x value
      let body ← exportExpr x body
      add ("\"letE\":{\"name\":" ++ toString n ++ ",\"type\":" ++ toString type ++ ",\"value\":" ++ toString value ++
        ",\"body\":" ++ toString body ++ ",\"nondep\":" ++ jsonBool nondep ++ "}")
    | .lit (.natVal n) => add ("\"natVal\":\"" ++ toString n ++ "\"")
    | .lit (.strVal s) => add ("\"strVal\":" ++ quoteText s)
    | .mdata _ inner =>
      let index ← exportExpr x inner
      let state ← x.get
      x.set { state with expressions := state.expressions.know (ptrAddrUnsafe e) index }
      return index
    | .proj n i struct =>
      let n ← exportName x n
      let struct ← exportExpr x struct
      add ("\"proj\":{\"typeName\":" ++ toString n ++ ",\"idx\":" ++ toString i ++ ",\"struct\":" ++ toString struct ++ "}")
    | .fvar _ => throw <| IO.userError "a free variable or metavariable is left"
    | .mvar _ => throw <| IO.userError "a free variable or metavariable is left"
where
  binder (word : String) (n : Name) (type body : Expr) (info : BinderInfo) : IO Nat := do
    let n ← exportName x n
    let type ← exportExpr x type
    let body ← exportExpr x body
    add ("\"" ++ word ++ "\":{\"name\":" ++ toString n ++ ",\"type\":" ++ toString type ++ ",\"body\":" ++ toString body ++
      ",\"binderInfo\":\"" ++ binderText info ++ "\"}")
  add (text : String) : IO Nat := do
    let state ← x.get
    let (index, expressions, line?) := place state.expressions "ie" text
    x.set { state with expressions := expressions.know (ptrAddrUnsafe e) index, lines := withLine line? state.lines }
    return index

unsafe def exportNames (x : Exporting) : List Name → IO (List String)
  | [] => return []
  | n :: rest => do
    let n ← exportName x n
    return toString n :: (← exportNames x rest)

unsafe def exportHead (x : Exporting) (v : ConstantVal) : IO String := do
  let name ← exportName x v.name
  let parameters ← exportNames x v.levelParams
  let type ← exportExpr x v.type
  return "\"name\":" ++ toString name ++ ",\"levelParams\":" ++ jsonArray parameters ++ ",\"type\":" ++ toString type

def hintsText : ReducibilityHints → String
  | .opaque => "\"opaque\""
  | .abbrev => "\"abbrev\""
  | .regular height => "{\"regular\":" ++ toString height.toNat ++ "}"

def safetyText : DefinitionSafety → String
  | .unsafe => "unsafe"
  | .safe => "safe"
  | .partial => "partial"

def quotientText : QuotKind → String
  | .type => "type"
  | .ctor => "ctor"
  | .lift => "lift"
  | .ind => "ind"

def natPart (key : String) (n : Nat) : String := ",\"" ++ key ++ "\":" ++ toString n

def boolPart (key : String) (b : Bool) : String := ",\"" ++ key ++ "\":" ++ jsonBool b

unsafe def namesPart (x : Exporting) (key : String) (names : List Name) : IO String := do
  return ",\"" ++ key ++ "\":" ++ jsonArray (← exportNames x names)

unsafe def exportInductive (x : Exporting) (v : InductiveVal) : IO String := do
  let head ← exportHead x v.toConstantVal
  let all ← namesPart x "all" v.all
  let ctors ← namesPart x "ctors" v.ctors
  return "{" ++ head ++ natPart "numParams" v.numParams ++ natPart "numIndices" v.numIndices ++ all ++ ctors ++
    natPart "numNested" v.numNested ++ boolPart "isRec" v.isRec ++ boolPart "isUnsafe" v.isUnsafe ++
    boolPart "isReflexive" v.isReflexive ++ "}"

unsafe def exportConstructor (x : Exporting) (v : ConstructorVal) : IO String := do
  let head ← exportHead x v.toConstantVal
  let induct ← exportName x v.induct
  return "{" ++ head ++ natPart "induct" induct ++ natPart "cidx" v.cidx ++ natPart "numParams" v.numParams ++
    natPart "numFields" v.numFields ++ boolPart "isUnsafe" v.isUnsafe ++ "}"

unsafe def exportRules (x : Exporting) : List RecursorRule → IO (List String)
  | [] => return []
  | rule :: rest => do
    let ctor ← exportName x rule.ctor
    let rhs ← exportExpr x rule.rhs
    let text := "{\"ctor\":" ++ toString ctor ++ natPart "nfields" rule.nfields ++ natPart "rhs" rhs ++ "}"
    return text :: (← exportRules x rest)

unsafe def exportRecursor (x : Exporting) (v : RecursorVal) : IO String := do
  let rules ← exportRules x v.rules
  let head ← exportHead x v.toConstantVal
  let all ← namesPart x "all" v.all
  return "{" ++ head ++ all ++ natPart "numParams" v.numParams ++ natPart "numIndices" v.numIndices ++
    natPart "numMotives" v.numMotives ++ natPart "numMinors" v.numMinors ++ ",\"rules\":" ++ jsonArray rules ++
    boolPart "k" v.k ++ boolPart "isUnsafe" v.isUnsafe ++ "}"

unsafe def exportLine (x : Exporting) (line : String) : IO Unit := do
  let state ← x.get
  x.set { state with lines := line :: state.lines }

/-- Members of one block: types, constructors and recursors, in the order of the constants. -/
structure InductiveBlock where
  types : List String := []
  ctors : List String := []
  recs : List String := []

unsafe def exportMembers (x : Exporting) : List ConstantInfo → IO InductiveBlock
  | [] => return {}
  | ci :: rest => do
    match ci with
    | .inductInfo v =>
      let text ← exportInductive x v
      let block ← exportMembers x rest
      return { block with types := text :: block.types }
    | .ctorInfo v =>
      let text ← exportConstructor x v
      let block ← exportMembers x rest
      return { block with ctors := text :: block.ctors }
    | .recInfo v =>
      let text ← exportRecursor x v
      let block ← exportMembers x rest
      return { block with recs := text :: block.recs }
    | _ => exportMembers x rest

def headName : List Name → Name
  | [] => .anonymous
  | n :: _ => n

/-- For the place of each inductive type among the constants: the place of the first type of its block. -/
unsafe def exportBlocks (x : Exporting) (blocks : ByNumber Nat) : List ConstantInfo → IO (ByNumber Nat)
  | [] => return blocks
  | .inductInfo v :: rest => do
    let type ← exportName x v.name
    let first ← exportName x (headName v.all)
    exportBlocks x (blocks.set type first) rest
  | _ :: rest => exportBlocks x blocks rest

/-- The block of a constant as a number: 0 where its type is not among them. None for one that is in no block. -/
unsafe def blockOf (x : Exporting) (blocks : ByNumber Nat) : ConstantInfo → IO (Option Nat)
  | .inductInfo v => return some ((← exportName x (headName v.all)) + 1)
  | .recInfo v => return some ((← exportName x (headName v.all)) + 1)
  | .ctorInfo v => do
    let type ← exportName x v.induct
    match blocks.at? type with
    | some first => return some (first + 1)
    | none => return some 0
  | _ => return none

/-- The constants of each block, last first. Names of blocks are written now, as `export.cjs` does. -/
unsafe def exportMemberships (x : Exporting) (blocks : ByNumber Nat) (members : ByNumber (List ConstantInfo)) :
    List ConstantInfo → IO (ByNumber (List ConstantInfo))
  | [] => return members
  | ci :: rest => do
    match ← blockOf x blocks ci with
    | none => exportMemberships x blocks members rest
    | some block =>
      let others := match members.at? block with
        | some others => others
        | none => []
      exportMemberships x blocks (members.set block (ci :: others)) rest

unsafe def exportAll (x : Exporting) (blocks : ByNumber Nat) (members : ByNumber (List ConstantInfo)) :
    List ConstantInfo → IO Unit
  | [] => return ()
  | ci :: rest => do
    match ci with
    | .axiomInfo v => exportLine x ("{\"axiom\":{" ++ (← exportHead x v.toConstantVal) ++ boolPart "isUnsafe" v.isUnsafe ++ "}}")
    | .defnInfo v =>
      let head ← exportHead x v.toConstantVal
      let value ← exportExpr x v.value
      exportLine x ("{\"def\":{" ++ head ++ natPart "value" value ++ ",\"hints\":" ++ hintsText v.hints ++
        ",\"safety\":\"" ++ safetyText v.safety ++ "\"" ++ (← namesPart x "all" v.all) ++ "}}")
    | .thmInfo v =>
      let head ← exportHead x v.toConstantVal
      let value ← exportExpr x v.value
      exportLine x ("{\"thm\":{" ++ head ++ natPart "value" value ++ (← namesPart x "all" v.all) ++ "}}")
    | .opaqueInfo v =>
      let head ← exportHead x v.toConstantVal
      let value ← exportExpr x v.value
      exportLine x ("{\"opaque\":{" ++ head ++ natPart "value" value ++ boolPart "isUnsafe" v.isUnsafe ++
        (← namesPart x "all" v.all) ++ "}}")
    | .quotInfo v =>
      exportLine x ("{\"quot\":{" ++ (← exportHead x v.toConstantVal) ++ ",\"kind\":\"" ++ quotientText v.kind ++ "\"}}")
    | _ =>
      let own := match ← blockOf x blocks ci with
        | some block => (members.at? block).getD []
        | none => []
      match own with
      | last :: _ =>
        -- with the last of them, when all that any of them needs has been written
        if ptrAddrUnsafe last == ptrAddrUnsafe ci then
          let block ← exportMembers x (prepend own [])
          exportLine x ("{\"inductive\":{\"types\":" ++ jsonArray block.types ++ ",\"ctors\":" ++ jsonArray block.ctors ++
            ",\"recs\":" ++ jsonArray block.recs ++ "}}")
      | [] => pure ()
    exportAll x blocks members rest

def metaLine (version : String) : String :=
  let commit := match version.splitOn "commit " with
    | _ :: commit :: _ => commit
    | _ => ""
  let number := match version.splitOn "," with
    | number :: _ => number
    | [] => ""
  "{\"meta\":{\"exporter\":{\"name\":\"mathlm\",\"version\":\"1\"},\"lean\":{\"githash\":" ++ quoteText commit ++
    ",\"version\":" ++ quoteText number ++ "},\"format\":{\"version\":\"3.1.0\"}}}"

def joinLines : List String → String → String
  | [], acc => acc
  | line :: rest, acc => joinLines rest (acc ++ line ++ "\n")

/-- The constants as text, in the given order; those of an inductive type as one line, where the last of them is.
No constants make no text. Throws where the format cannot say them. -/
unsafe def exportText (constants : List ConstantInfo) : IO String := do
  match constants with
  | [] => return ""
  | _ =>
    let x ← IO.mkRef ({ lines := [metaLine Lean.versionString] } : Exporter)
    let blocks ← exportBlocks x .empty constants
    let members ← exportMemberships x blocks .empty constants
    exportAll x blocks members constants
    return joinLines (prepend (← x.get).lines []) ""

end MathLM
