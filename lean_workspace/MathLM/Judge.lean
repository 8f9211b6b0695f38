import MathLM.Facts
open Lean

/-! The judge: facts about declarations that came as text from a process that is not trusted.

The host script has read the text strictly and rebuilt names and expressions with Lean's own constructors; here
the declarations are put together. They are claims: nothing of them is believed before the kernel has checked it
on top of the untouched library. The trusted statement is elaborated here, where no candidate's code ever runs. -/

namespace MathLM

/-- Claimed constants as a search tree on their names. -/
inductive Claims where
  | empty
  | node (left : Claims) (claim : ConstantInfo) (right : Claims)

def Claims.find? (claims : Claims) (n : Name) : Option ConstantInfo :=
  match claims with
  | .empty => none
  | .node l ci r => match Name.quickCmp n ci.name with
    | .lt => l.find? n
    | .eq => some ci
    | .gt => r.find? n

/-- A name that is claimed twice keeps its first claim. -/
def Claims.insert (ci : ConstantInfo) : Claims → Claims
  | .empty => .node .empty ci .empty
  | .node l other r => match Name.quickCmp ci.name other.name with
    | .lt => .node (l.insert ci) other r
    | .eq => .node l other r
    | .gt => .node l other (r.insert ci)

/-- What the indices of the text stand for. -/
structure Tables where
  names : Array Name
  expressions : Array Expr

def boolField (j : Json) (key : String) : Bool :=
  match field? j key with
  | some (.bool b) => b
  | _ => false

def arrayField (j : Json) (key : String) : List Json :=
  match field? j key with
  | some (.arr items) => arrayItems items
  | _ => []

/-- An index out of range stands for something that no declaration may have; the host sends none. -/
def Tables.name (t : Tables) (index : Nat) : Name := (t.names[index]?).getD .anonymous

def Tables.expression (t : Tables) (index : Nat) : Expr := (t.expressions[index]?).getD (.bvar 0)

def Tables.nameField (t : Tables) (j : Json) (key : String) : Name := t.name (natField j key 0)

def Tables.expressionField (t : Tables) (j : Json) (key : String) : Expr :=
  t.expression (natField j key t.expressions.size)

def Tables.nameList (t : Tables) : List Json → List Name
  | [] => []
  | j :: rest => (match j.getNat? with | .ok n => t.name n | .error _ => .anonymous) :: t.nameList rest

def Tables.namesField (t : Tables) (j : Json) (key : String) : List Name := t.nameList (arrayField j key)

def Tables.head (t : Tables) (j : Json) : ConstantVal :=
  { name := t.nameField j "name", levelParams := t.namesField j "levelParams", type := t.expressionField j "type" }

def readHints (j : Json) : ReducibilityHints :=
  match field? j "hints" with
  | some (.str "abbrev") => .abbrev
  | some (.str _) => .opaque
  | some height => .regular (natField height "regular" 0).toUInt32
  | none => .opaque

def readSafety (j : Json) : DefinitionSafety :=
  match stringField? j "safety" with
  | some "safe" => .safe
  | some "partial" => .partial
  | _ => .unsafe

def Tables.inductiveType (t : Tables) (j : Json) : ConstantInfo :=
  .inductInfo
    { toConstantVal := t.head j, numParams := natField j "numParams" 0, numIndices := natField j "numIndices" 0,
      all := t.namesField j "all", ctors := t.namesField j "ctors", numNested := natField j "numNested" 0,
      isRec := boolField j "isRec", isUnsafe := boolField j "isUnsafe", isReflexive := boolField j "isReflexive" }

def Tables.constructor (t : Tables) (j : Json) : ConstantInfo :=
  .ctorInfo
    { toConstantVal := t.head j, induct := t.nameField j "induct", cidx := natField j "cidx" 0,
      numParams := natField j "numParams" 0, numFields := natField j "numFields" 0, isUnsafe := boolField j "isUnsafe" }

def Tables.rules (t : Tables) : List Json → List RecursorRule
  | [] => []
  | j :: rest =>
    { ctor := t.nameField j "ctor", nfields := natField j "nfields" 0, rhs := t.expressionField j "rhs" } :: t.rules rest

def Tables.recursor (t : Tables) (j : Json) : ConstantInfo :=
  .recInfo
    { toConstantVal := t.head j, all := t.namesField j "all", numParams := natField j "numParams" 0,
      numIndices := natField j "numIndices" 0, numMotives := natField j "numMotives" 0,
      numMinors := natField j "numMinors" 0, rules := t.rules (arrayField j "rules"), k := boolField j "k",
      isUnsafe := boolField j "isUnsafe" }

def quotientKind (j : Json) : QuotKind :=
  match stringField? j "kind" with
  | some "ctor" => .ctor
  | some "lift" => .lift
  | some "ind" => .ind
  | _ => .type

/-- The constants of one declaration. -/
def Tables.declaration (t : Tables) (j : Json) : List ConstantInfo :=
  match field? j "thm", field? j "def", field? j "inductive" with
  | some d, _, _ =>
    [.thmInfo { toConstantVal := t.head d, value := t.expressionField d "value", all := t.namesField d "all" }]
  | _, some d, _ =>
    [.defnInfo { toConstantVal := t.head d, value := t.expressionField d "value", hints := readHints d,
                 safety := readSafety d, all := t.namesField d "all" }]
  | _, _, some d =>
    append (mapList t.inductiveType (arrayField d "types"))
      (append (mapList t.constructor (arrayField d "ctors")) (mapList t.recursor (arrayField d "recs")))
  | none, none, none => match field? j "axiom", field? j "opaque", field? j "quot" with
    | some d, _, _ => [.axiomInfo { toConstantVal := t.head d, isUnsafe := boolField d "isUnsafe" }]
    | _, some d, _ =>
      [.opaqueInfo { toConstantVal := t.head d, value := t.expressionField d "value", isUnsafe := boolField d "isUnsafe",
                     all := t.namesField d "all" }]
    | _, _, some d => [.quotInfo { toConstantVal := t.head d, kind := quotientKind d }]
    | none, none, none => []

def Tables.claims (t : Tables) : List Json → Claims → Claims
  | [], claims => claims
  | j :: rest, claims => t.claims rest (insertAll (t.declaration j) claims)
where
  insertAll : List ConstantInfo → Claims → Claims
    | [], claims => claims
    | ci :: rest, claims => insertAll rest (claims.insert ci)

/-- The names among `names` whose text is `text`; a text without one stands for itself, to be reported as missing. -/
def named (text : String) : List Name → List Name
  | [] => [.str .anonymous text]
  | n :: rest => if n.toString == text then [n] else named text rest

def namedAll (names : List Name) : List Json → List Name
  | [] => []
  | .str text :: rest => append (named text names) (namedAll names rest)
  | _ :: rest => namedAll names rest

def claimedTheorems : Claims → List Name → List Name
  | .empty, acc => acc
  | .node l ci r, acc =>
    let acc := claimedTheorems r acc
    claimedTheorems l (match ci with | .thmInfo v => v.name :: acc | _ => acc)

/-- Library constants that were handed out, in dependency order (last first), for a second kernel. -/
structure Library where
  seen : Names := .empty
  new : List ConstantInfo := []

def nestedRecursors (n : Name) : Nat → List Name
  | 0 => []
  | k + 1 => (n.str ("rec_" ++ toString (k + 1))) :: nestedRecursors n k

def libraryRelatives (ci : ConstantInfo) : List Name :=
  match ci with
  | .inductInfo v => (v.name.str "rec") :: append (nestedRecursors v.name v.numNested) (relatives ci)
  | .quotInfo _ => [``Eq, ``Quot, ``Quot.mk, ``Quot.lift, ``Quot.ind]
  | _ => relatives ci

partial def Library.add (base : Environment) (n : Name) (library : Library) : Library :=
  if library.seen.contains n then library
  else if inLibrary base n then
    match base.find? n with
    | none => library
    | some ci =>
      let library := { library with seen := library.seen.insert n }
      let library := addAll (append (libraryRelatives ci) (reached ci)) library
      { library with new := ci :: library.new }
  else library
where
  addAll : List Name → Library → Library
    | [], library => library
    | n :: rest, library => addAll rest (Library.add base n library)

/-- All of the library that constants need. What a literal stands for is not named by it. -/
def libraryOf (base : Environment) : List ConstantInfo → Library → Library
  | [], library => Library.add.addAll base [``Nat, ``String.ofList, ``Char.ofNat, ``Eq] library
  | ci :: rest, library => libraryOf base rest (Library.add.addAll base (reached ci) library)

end MathLM
