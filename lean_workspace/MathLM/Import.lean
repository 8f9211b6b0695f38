import MathLM.Judge
import MathLM.Reading
open Lean

/-! Exported text to names and expressions, in Lean: the reader of a native judge, as strict as
`verify/lean/import.cjs`, which reads for the embedded one. Exactly one way of writing each line is understood,
that of `Export.lean`.

What Lean's constructors take for granted is checked first: indices refer to earlier lines, bound variables stay
below 2^19 (the cached range of loose ones has 20 bits), universe terms are few enough for their cached depth, and
what a declaration refers to has no loose bound variable. Free variables and metavariables cannot be written.
Limits on lengths count bytes here. `tests/verify/lean/test_native_host.py` compares the two readers. -/

namespace MathLM

def maxTextBytes : Nat := 134217728 -- 2^27
def maxLineBytes : Nat := 1048576
def maxUniverseTerms : Nat := 65536
def maxLoose : Nat := 524288 -- 2^19
def smallNumber : Nat := 1073741824 -- 2^30: what the embedded runtime keeps unboxed
def maxHeight : Nat := 4294967296 -- 2^32

/-- Why a text was not read: no exporter writes it, or it goes beyond a limit of this reader. -/
inductive Unread where
  | malformed (why : String)
  | tooLarge (why : String)

instance : Coe String Unread := ⟨.malformed⟩

def Unread.inLine (number : Nat) : Unread → Unread
  | .malformed why => .malformed ("line " ++ toString number ++ ": " ++ why)
  | .tooLarge why => .tooLarge ("line " ++ toString number ++ ": " ++ why)

def moreThan (limit : Nat) (what : String) : Unread := .tooLarge ("more than " ++ toString limit ++ " " ++ what)

structure Importer where
  names : Array Name := #[.anonymous]
  levels : Array Level := #[.zero]
  expressions : Array Expr := #[]
  /-- One more than the largest loose bound variable of each expression. -/
  loose : Array Nat := #[]
  declarations : List Json := [] -- last first

/-- A line that defines something. -/
inductive Entry where
  | name (index pre : Nat) (part : String)
  | numbered (index pre i : Nat)
  | succ (index level : Nat)
  | max (index a b : Nat)
  | imax (index a b : Nat)
  | param (index name : Nat)
  | bvar (index i : Nat)
  | sort (index level : Nat)
  | const (index name : Nat) (us : List Nat)
  | app (index fn arg : Nat)
  | binder (index : Nat) (isLambda : Bool) (name type body : Nat) (info : BinderInfo)
  | letE (index name type value body : Nat) (nondep : Bool)
  | nat (index value : Nat)
  | string (index : Nat) (value : String)
  | proj (index name i struct : Nat)

open Reading

def nameEntry : Reading Entry := do
  let i ← field "in" index
  choice
    [do literal ",\"str\":{"
        let pre ← field "pre" index
        let part ← next "str" string
        literal "}"
        return .name i pre part,
     do literal ",\"num\":{"
        let pre ← field "pre" index
        let part ← next "i" (number maxDigits)
        literal "}"
        return .numbered i pre part]

def pairOf (make : Nat → Nat → Entry) : Reading Entry := do
  literal "["
  let a ← index
  literal ","
  let b ← index
  literal "]"
  return make a b

def levelEntry : Reading Entry := do
  let i ← field "il" index
  choice
    [do return .succ i (← next "succ" index), do return .param i (← next "param" index),
     next "max" (pairOf (.max i)), next "imax" (pairOf (.imax i))]

def binderInfo : Reading BinderInfo :=
  choice [do literal "\"default\""; return .default, do literal "\"implicit\""; return .implicit,
    do literal "\"strictImplicit\""; return .strictImplicit, do literal "\"instImplicit\""; return .instImplicit]

def binderEntry (i : Nat) (isLambda : Bool) : Reading Entry := do
  literal "{"
  let name ← field "name" index
  let type ← next "type" index
  let body ← next "body" index
  let info ← next "binderInfo" binderInfo
  literal "}"
  return .binder i isLambda name type body info

def letEntry (i : Nat) : Reading Entry := do
  literal "{"
  let name ← field "name" index
  let type ← next "type" index
  let value ← next "value" index
  let body ← next "body" index
  let nondep ← next "nondep" boolean
  literal "}"
  return .letE i name type value body nondep

def expressionEntry : Reading Entry := do
  let i ← field "ie" index
  choice
    [do literal ",\"app\":{"
        let fn ← field "fn" index
        let arg ← next "arg" index
        literal "}"
        return .app i fn arg,
     next "lam" (binderEntry i true), next "forallE" (binderEntry i false),
     do literal ",\"const\":{"
        let name ← field "name" index
        let us ← next "us" (list index)
        literal "}"
        return .const i name us,
     do return .bvar i (← next "bvar" index), do return .sort i (← next "sort" index),
     next "letE" (letEntry i),
     do literal ",\"natVal\":\""
        let value ← number maxDigits
        literal "\""
        return .nat i value,
     do return .string i (← next "strVal" string),
     do literal ",\"proj\":{"
        let name ← field "typeName" index
        let idx ← next "idx" index
        let struct ← next "struct" index
        literal "}"
        return .proj i name idx struct]

def entry : Reading Entry := do
  literal "{"
  let found ← choice [expressionEntry, nameEntry, levelEntry]
  literal "}"
  return found

/-! A declaration: every key, in order, and what may stand there. -/

def nameIndex (s : Importer) : Reading Unit := do
  let i ← number 10
  guardThat (0 < i && i < s.names.size)

def closedIndex (s : Importer) : Reading Unit := do
  let i ← number 10
  guardThat (i < s.expressions.size && (s.loose[i]?).getD 1 == 0)

def smallIndex : Reading Unit := do guardThat ((← number 10) < smallNumber)

def namesList (s : Importer) : Reading Unit := ignored (list (nameIndex s))

def hintsPart : Reading Unit := choice
  [words ["opaque", "abbrev"],
   do literal "{"
      let height ← field "regular" (number 10)
      guardThat (height < maxHeight)
      literal "}"]

/-- `{` the three fields that every declaration has, the given ones `}`. -/
def declared (s : Importer) (rest : List (String × Reading Unit)) : Reading Unit := do
  literal "{"
  field "name" (nameIndex s)
  nexts (("levelParams", namesList s) :: ("type", closedIndex s) :: rest)
  literal "}"

def ruleShape (s : Importer) : Reading Unit := do
  literal "{"
  field "ctor" (nameIndex s)
  nexts [("nfields", smallIndex), ("rhs", closedIndex s)]
  literal "}"

def typeShape (s : Importer) : Reading Unit := declared s
  [("numParams", smallIndex), ("numIndices", smallIndex), ("all", namesList s), ("ctors", namesList s),
   ("numNested", smallIndex), ("isRec", flag), ("isUnsafe", flag), ("isReflexive", flag)]

def constructorShape (s : Importer) : Reading Unit := declared s
  [("induct", nameIndex s), ("cidx", smallIndex), ("numParams", smallIndex), ("numFields", smallIndex), ("isUnsafe", flag)]

def recursorShape (s : Importer) : Reading Unit := declared s
  [("all", namesList s), ("numParams", smallIndex), ("numIndices", smallIndex), ("numMotives", smallIndex),
   ("numMinors", smallIndex), ("rules", ignored (list (ruleShape s))), ("k", flag), ("isUnsafe", flag)]

def inductiveShape (s : Importer) : Reading Unit := do
  literal "{"
  field "types" (ignored (list (typeShape s)))
  nexts [("ctors", ignored (list (constructorShape s))), ("recs", ignored (list (recursorShape s)))]
  literal "}"

def declarationShape (s : Importer) : Reading Unit := do
  literal "{"
  choice
    [field "thm" (declared s [("value", closedIndex s), ("all", namesList s)]),
     field "def" (declared s [("value", closedIndex s), ("hints", hintsPart),
       ("safety", words ["unsafe", "safe", "partial"]), ("all", namesList s)]),
     field "inductive" (inductiveShape s),
     field "axiom" (declared s [("isUnsafe", flag)]),
     field "opaque" (declared s [("value", closedIndex s), ("isUnsafe", flag), ("all", namesList s)]),
     field "quot" (declared s [("kind", words ["type", "ctor", "lift", "ind"])])]
  literal "}"

/-! From entries to terms. -/

def undefined (i : Nat) : Except Unread α := .error ("index " ++ toString i ++ " is not defined yet")

def Importer.nameAt (s : Importer) (i : Nat) : Except Unread Name :=
  match s.names[i]? with
  | some n => .ok n
  | none => undefined i

def Importer.levelAt (s : Importer) (i : Nat) : Except Unread Level :=
  match s.levels[i]? with
  | some l => .ok l
  | none => undefined i

def Importer.levelsAt (s : Importer) : List Nat → Except Unread (List Level)
  | [] => .ok []
  | i :: rest => do return (← s.levelAt i) :: (← s.levelsAt rest)

/-- An expression, and one more than its largest loose bound variable. -/
def Importer.expressionAt (s : Importer) (i : Nat) : Except Unread (Expr × Nat) :=
  match s.expressions[i]?, s.loose[i]? with
  | some e, some loose => .ok (e, loose)
  | _, _ => undefined i

def due (i size : Nat) : Except Unread Unit :=
  if i == size then .ok () else .error ("index " ++ toString i ++ " where " ++ toString size ++ " is due")

def Importer.addName (s : Importer) (i : Nat) (n : Name) : Except Unread Importer := do
  due i s.names.size
  return { s with names := s.names.push n }

def Importer.addLevel (s : Importer) (i : Nat) (l : Level) : Except Unread Importer := do
  if s.levels.size ≥ maxUniverseTerms then throw (moreThan maxUniverseTerms "universe terms")
  due i s.levels.size
  return { s with levels := s.levels.push l }

/-- `e` is made only once its bound variables are known to be in range. -/
def Importer.addExpression (s : Importer) (i loose : Nat) (e : Unit → Expr) : Except Unread Importer := do
  if loose > maxLoose then throw (.tooLarge ("a bound variable below more than " ++ toString maxLoose ++ " binders"))
  due i s.expressions.size
  return { s with expressions := s.expressions.push (e ()), loose := s.loose.push loose }

def larger (a b : Nat) : Nat := if a < b then b else a

def Importer.add (s : Importer) : Entry → Except Unread Importer
  | .name i pre part => do s.addName i (.str (← s.nameAt pre) part)
  | .numbered i pre n => do s.addName i (.num (← s.nameAt pre) n)
  | .succ i l => do s.addLevel i (.succ (← s.levelAt l))
  | .max i a b => do s.addLevel i (.max (← s.levelAt a) (← s.levelAt b))
  | .imax i a b => do s.addLevel i (.imax (← s.levelAt a) (← s.levelAt b))
  | .param i n => do s.addLevel i (.param (← s.nameAt n))
  | .bvar i n => s.addExpression i (n + 1) fun _ => .bvar n
  | .sort i l => do
    let l ← s.levelAt l
    s.addExpression i 0 fun _ => .sort l
  | .const i n us => do
    let n ← s.nameAt n
    let us ← s.levelsAt us
    s.addExpression i 0 fun _ => .const n us
  | .app i fn arg => do
    let (fn, a) ← s.expressionAt fn
    let (arg, b) ← s.expressionAt arg
    s.addExpression i (larger a b) fun _ => .app fn arg
  | .binder i isLambda n type body info => do
    let n ← s.nameAt n
    let (type, a) ← s.expressionAt type
    let (body, b) ← s.expressionAt body
    s.addExpression i (larger a (b - 1)) fun _ => if isLambda then .lam n type body info else .forallE n type body info
  | .letE i n type value body nondep => do
    let n ← s.nameAt n
    let (type, a) ← s.expressionAt type
    let (value, b) ← s.expressionAt value
    let (body, c) ← s.expressionAt body
    s.addExpression i (larger (larger a b) (c - 1)) fun _ => .letE n type value body nondep
  | .nat i n => s.addExpression i 0 fun _ => .lit (.natVal n)
  | .string i value => s.addExpression i 0 fun _ => .lit (.strVal value)
  | .proj i n idx struct => do
    let n ← s.nameAt n
    let (struct, loose) ← s.expressionAt struct
    s.addExpression i loose fun _ => .proj n idx struct

/-- The whole line was read. -/
def complete (found : Option (α × Nat)) (stop : Nat) : Option α :=
  match found with
  | some (a, behind) => if behind == stop then some a else none
  | none => none

partial def hasLongNumber (text : ByteArray) (i stop : Nat) : Bool :=
  if i ≥ stop then false
  else
    let behind := digitsEnd text i
    if behind - i > maxDigits then true else hasLongNumber text (behind + 1) stop

def Importer.line (s : Importer) (text : ByteArray) (start stop : Nat) : Except Unread Importer :=
  match complete (entry text start) stop with
  | some found => s.add found
  | none => match complete (declarationShape s text start) stop with
    | none =>
      if hasLongNumber text start stop then .error (.tooLarge ("a number of more than " ++ toString maxDigits ++ " digits"))
      else .error "not a line of the format"
    | some _ => match String.fromUTF8? (text.extract start stop) with
      | none => .error "not a line of the format"
      | some line => match Json.parse line with
        | .error e => .error e
        | .ok declaration => .ok { s with declarations := declaration :: s.declarations }

def isMeta (text : ByteArray) (start stop : Nat) : Bool :=
  match literal "{\"meta\":{" text start with
  | none => false
  | some (_, behind) => behind + 2 ≤ stop && byteAt text (stop - 1) == 125 && byteAt text (stop - 2) == 125

partial def lineEnd (text : ByteArray) (i : Nat) : Nat :=
  if i < text.size && text.get! i != 10 then lineEnd text (i + 1) else i

partial def importLines (s : Importer) (text : ByteArray) (start number : Nat) : Except Unread Importer := do
  if start == text.size then return s
  let stop := lineEnd text start
  if stop - start > maxLineBytes then
    throw (Unread.inLine number (.tooLarge ("a line of more than " ++ toString maxLineBytes ++ " characters")))
  if number == 1 then
    if isMeta text start stop then importLines s text (stop + 1) 2
    else throw (Unread.inLine number (.malformed "the first line does not describe the format"))
  else match s.line text start stop with
    | .error why => throw (why.inLine number)
    | .ok s => importLines s text (stop + 1) (number + 1)

/-- Names, expressions and declarations of an exported text. The error says why not, with the line. -/
def importText (source : String) : Except Unread (Tables × List Json) := do
  let text := source.toUTF8
  if text.size > maxTextBytes then throw (moreThan maxTextBytes "characters")
  if text.size > 0 && byteAt text (text.size - 1) != 10 then
    throw (.malformed "line 0: the last line does not end")
  let s ← importLines {} text 0 1
  return ({ names := s.names, expressions := s.expressions }, prepend s.declarations [])

end MathLM
