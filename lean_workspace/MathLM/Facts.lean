import MathLM.Frontend
open Lean

/-! Facts about theorems, found in declarations and never in messages.

For a theorem: the constants that its statement and proof reach among those that the source added, the
axioms among them, whether it states what the trusted source states, and what the kernel says when it
checks the added constants again on top of the untouched base environment. `verify/lean/judge.py` turns
these facts into a verdict. Library constants are leaves: only their exported part is loaded. -/

namespace MathLM

/-- What the audit names of the library: axioms that a proof may or must not rest on, and the constants that
the kernel reduces by running compiled code, no axiom needed. Other library constants are trusted. -/
def libraryAxioms : List Name :=
  [``propext, ``Quot.sound, ``Classical.choice, ``sorryAx, ``Lean.ofReduceBool, ``Lean.ofReduceNat,
   ``Lean.trustCompiler, ``Lean.reduceBool, ``Lean.reduceNat]

def memberName (n : Name) : List Name → Bool
  | [] => false
  | m :: rest => n == m || memberName n rest

/-- Whether the untouched base has the constant: imported, or made by the prelude. (What Lean derives from library
constants when it is asked, equations say, is the candidate's, wherever Lean keeps it.) -/
def inLibrary (base : Environment) (n : Name) : Bool :=
  (base.getModuleIdxFor? n).isSome || (base.toKernelEnv.find? n).isSome

/-- A set of names as a search tree on their order. -/
inductive Names where
  | empty
  | node (left : Names) (name : Name) (right : Names)

def Names.contains (n : Name) : Names → Bool
  | .empty => false
  | .node l m r => match Name.quickCmp n m with
    | .lt => l.contains n
    | .eq => true
    | .gt => r.contains n

def Names.insert (n : Name) : Names → Names
  | .empty => .node .empty n .empty
  | .node l m r => match Name.quickCmp n m with
    | .lt => .node (l.insert n) m r
    | .eq => .node l m r
    | .gt => .node l m (r.insert n)

/-- What a constant reaches: added constants in dependency order (last first), and axioms. -/
structure Cone where
  seen : Names := .empty
  added : List ConstantInfo := []
  axioms : List Name := []
  missing : List Name := []

def valueOf? : ConstantInfo → Option Expr
  | .defnInfo v => some v.value
  | .thmInfo v => some v.value
  | .opaqueInfo v => some v.value
  | _ => none

def relatives : ConstantInfo → List Name
  | .inductInfo v => prepend v.all v.ctors
  | .ctorInfo v => [v.induct]
  | .recInfo v => v.all
  | _ => []

def reached (ci : ConstantInfo) : List Name :=
  let ofValue := match valueOf? ci with
    | some value => arrayItems value.getUsedConstants
    | none => []
  prepend (arrayItems ci.type.getUsedConstants) (prepend (relatives ci) ofValue)

/-- How to find a constant that is not in the library. -/
abbrev Find := Name → Option ConstantInfo

partial def visit (base : Environment) (find : Find) (n : Name) (cone : Cone) : Cone :=
  if cone.seen.contains n then cone else
  let cone := { cone with seen := cone.seen.insert n }
  if inLibrary base n then
    if memberName n libraryAxioms then { cone with axioms := n :: cone.axioms } else cone
  else match find n with
    | none => { cone with missing := n :: cone.missing }
    | some ci =>
      let cone := visitAll (reached ci) cone
      let cone := { cone with added := ci :: cone.added }
      match ci with
      | .axiomInfo _ => { cone with axioms := n :: cone.axioms }
      | _ => cone
where
  visitAll : List Name → Cone → Cone
    | [], cone => cone
    | n :: rest, cone => visitAll rest (visit base find n cone)

/-- Whether a universe level is plainly 0, or plainly not. -/
def plainLevel : Level → Bool
  | .zero => true
  | l => positive l
where
  positive : Level → Bool
    | .succ _ => true
    | .max a b => positive a || positive b
    | _ => false

def plainSort : Expr → Bool
  | .forallE _ _ body _ => plainSort body
  | .sort l => plainLevel l
  | _ => false

/-- The embedded kernel's known bugs need inductive types of these two kinds: nested ones (it does not check all
arguments of the type around, lean4#14576) and such in a sort that is `Prop` in disguise (lean4#14613). -/
def inductiveKind (v : InductiveVal) : String :=
  if v.isUnsafe then "unsafe"
  else if v.numNested != 0 then "nested inductive"
  else if plainSort v.type then "inductive"
  else "inductive of an unclear sort"

def kindText : ConstantInfo → String
  | .axiomInfo _ => "axiom"
  | .defnInfo v => match v.safety with
    | .safe => "definition"
    | .unsafe => "unsafe"
    | .partial => "partial"
  | .thmInfo _ => "theorem"
  | .opaqueInfo _ => "opaque"
  | .quotInfo _ => "quotient"
  | .inductInfo v => inductiveKind v
  | .ctorInfo _ => "constructor"
  | .recInfo _ => "recursor"

/-- Exported text has no metadata, so what is compared with it must have none. -/
partial def withoutMetadata (e : Expr) : Expr :=
  e.replace fun
    | .mdata _ body => some (withoutMetadata body)
    | _ => none

def sameExpression (a b : Expr) : Bool := a == b || withoutMetadata a == withoutMetadata b

/-- The same constant, as far as a statement can tell. Proofs are not compared. -/
def sameConstant (a b : ConstantInfo) : Bool :=
  a.name == b.name && a.levelParams == b.levelParams && sameExpression a.type b.type && kindText a == kindText b &&
  match a, b with
  | .defnInfo v, .defnInfo w => sameExpression v.value w.value
  | .opaqueInfo v, .opaqueInfo w => sameExpression v.value w.value
  | .inductInfo v, .inductInfo w => v.ctors == w.ctors && v.numParams == w.numParams && v.all == w.all
  | _, _ => true

/-- The first constant reached by the trusted statement that the source does not have as it is there. Where the
source starts from a larger library, which has a constant of that name, it is another one. -/
def statementMismatch? (base : Environment) (find : Find) (trusted : ConstantInfo) (cone : Cone) : Option Name :=
  match find trusted.name with
  | none => some trusted.name
  | some ci => if sameConstant trusted ci then go cone.added else some trusted.name
where
  go : List ConstantInfo → Option Name
    | [] => none
    | ci :: rest => if inLibrary base ci.name then some ci.name else match find ci.name with
      | some other => if sameConstant ci other then go rest else some ci.name
      | none => some ci.name

/-- A trusted source: the library that it starts from, and the environment that it makes. -/
structure Challenge where
  base : Environment
  env : Environment

/-- Axioms of the source that the trusted statement does not have as they are there: what is allowed by its name is
still the source's own invention. Without a trusted statement all of its axioms are. -/
def ownAxioms (challenge? : Option Challenge) : List ConstantInfo → List Name
  | [] => []
  | ci :: rest =>
    let own := match ci, challenge? with
      | .axiomInfo _, none => true
      | .axiomInfo _, some challenge => match challenge.env.find? ci.name with
        | some trusted => !sameConstant trusted ci
        | none => true
      | _, _ => false
    if own then ci.name :: ownAxioms challenge? rest else ownAxioms challenge? rest

def inductiveTypes (cone : Cone) : List Name → List InductiveType
  | [] => []
  | n :: rest => match find n cone.added with
    | some (.inductInfo v) =>
      { name := v.name, type := v.type, ctors := constructors v.ctors } :: inductiveTypes cone rest
    | _ => inductiveTypes cone rest
where
  find (n : Name) : List ConstantInfo → Option ConstantInfo
    | [] => none
    | ci :: rest => if ci.name == n then some ci else find n rest
  constructors : List Name → List Constructor
    | [] => []
    | n :: rest => match find n cone.added with
      | some ci => { name := n, type := ci.type } :: constructors rest
      | none => constructors rest

/-- The declaration that puts `ci` into an environment; none where another one brings it along. -/
def declaration? (cone : Cone) : ConstantInfo → Option Declaration
  | .axiomInfo v => some (.axiomDecl v) -- whether it may be one is for the policy
  | .defnInfo v => some (.defnDecl v)
  | .thmInfo v => some (.thmDecl v)
  | .inductInfo v => match v.all with
    | first :: _ => if first == v.name then
        some (.inductDecl v.levelParams v.numParams (inductiveTypes cone v.all) v.isUnsafe) else none
    | [] => none
  | _ => none

def sameRules : List RecursorRule → List RecursorRule → Bool
  | [], [] => true
  | a :: as, b :: bs => a.ctor == b.ctor && a.nfields == b.nfields && a.rhs == b.rhs && sameRules as bs
  | _, _ => false

/-- Constructors and recursors must be the ones that the kernel makes itself. -/
def generatedAlike (checked : Environment) : List ConstantInfo → Option Name
  | [] => none
  | ci :: rest => match ci, checked.find? ci.name with
    | .inductInfo v, some (.inductInfo w) => -- the kind rests on it
      if v.numNested == w.numNested then generatedAlike checked rest else some ci.name
    | .ctorInfo v, some (.ctorInfo w) =>
      if v.type == w.type && v.cidx == w.cidx then generatedAlike checked rest else some ci.name
    | .recInfo v, some (.recInfo w) =>
      if v.type == w.type && sameRules v.rules w.rules then generatedAlike checked rest else some ci.name
    | .ctorInfo _, _ => some ci.name
    | .recInfo _, _ => some ci.name
    | _, some _ => generatedAlike checked rest
    | _, none => some ci.name

/-- Checks the added constants in the kernel, from the base environment on. Returns its complaint, or
the environment with them. -/
def replay (base : Environment) (cone : Cone) : IO (Except String Environment) :=
  go base (prepend cone.added [])
where
  go (env : Environment) : List ConstantInfo → IO (Except String Environment)
    | [] => match generatedAlike env cone.added with
      | some n => return .error ("'" ++ n.toString ++ "' is not what the kernel makes of its type")
      | none => return .ok env
    | ci :: rest => match declaration? cone ci with
      | none => go env rest
      | some decl => match env.addDeclCore 0 decl none with
        | .ok env => go env rest
        | .error e => return .error (ci.name.toString ++ ": " ++ (← (e.toMessageData {}).toString))

def signature (env : Environment) (n : Name) : IO String :=
  (MessageData.withContext { env, mctx := {}, lctx := {}, opts := {} } (.signature n)).toString

def constantJson (ci : ConstantInfo) : String := jsonArray [quote (kindText ci), quote ci.name.toString]

def nameJson (n : Name) : String := quote n.toString

/-- The library constants among `forbidden` that a cone uses, each with a constant of the source that names it. -/
def forbiddenPremises (base : Environment) (cone : Cone) : List Name → List (Name × Name)
  | [] => []
  | premise :: rest =>
    if cone.seen.contains premise && inLibrary base premise then
      (premise, (userOf premise cone.added).getD premise) :: forbiddenPremises base cone rest
    else forbiddenPremises base cone rest
where
  userOf (premise : Name) : List ConstantInfo → Option Name
    | [] => none
    | ci :: rest => if memberName premise (reached ci) then some ci.name else userOf premise rest

/-- What the caller of a check asks of every theorem. -/
structure Asked where
  /-- Library constants that no proof may use. -/
  forbidden : List Name := []
  /-- Whether the facts have the statements as Lean prints them. -/
  describe : Bool := false

/-- Facts on the theorem `n` that a source claims to have, with all that it reaches. A theorem that a challenge
does not have itself counts as not found. `replayed?` is the environment of all claims, where the kernel accepted
them together: then this theorem's need no replay of their own. -/
def theoremFacts (base : Environment) (find : Find) (n : Name) (challenge? : Option Challenge)
    (replayed? : Option Environment) (asked : Asked) : IO String := do
  let name := ("name", quote ((privateToUserName? n).getD n).toString)
  let notFound := jsonObject [name, ("found", "false")]
  let some ci := find n | return notFound
  if inLibrary base n then return notFound
  let trusted? ← match challenge? with
    | none => pure none
    | some challenge => match challenge.env.find? n with
      | some trusted => pure (some (challenge, trusted))
      | none => return notFound
  let cone := visit base find n {}
  let stated : Cone := match trusted? with
    | some (challenge, trusted) =>
      visit.visitAll challenge.base challenge.env.find? (arrayItems trusted.type.getUsedConstants) {}
    | none => {}
  let mismatch := match trusted? with
    | some (_, trusted) => statementMismatch? base find trusted stated
    | none => none
  let replayed ← match mismatch, cone.missing, replayed? with
    | none, [], some env => pure (.ok env)
    | none, [], none => replay base cone
    | some _, _, _ => pure (.ok base)
    | none, m :: _, _ => pure (.error ("'" ++ m.toString ++ "' is unknown"))
  let statement ← match asked.describe, trusted?, replayed with
    | true, some (challenge, _), _ => signature challenge.env n
    | true, none, .ok env => if (env.find? n).isSome then signature env n else pure ""
    | _, _, _ => pure ""
  return jsonObject [name, ("found", "true"), ("kind", quote (kindText ci)),
    ("mismatch", match mismatch with | some m => nameJson m | none => "null"),
    ("axioms", jsonArray (mapList nameJson cone.axioms)),
    ("own_axioms", jsonArray (mapList nameJson (ownAxioms challenge? cone.added))),
    ("constants", jsonArray (mapList constantJson cone.added)),
    ("statement_constants", jsonArray (mapList constantJson stated.added)),
    ("premises", jsonArray (mapList (fun (premise, user) => jsonArray [nameJson premise, nameJson user])
      (forbiddenPremises base cone asked.forbidden))),
    ("kernel", match replayed with | .error e => quote e | .ok _ => "null"),
    ("statement", quote statement)]

unsafe def sameObjectUnsafe {α : Type u} (a b : α) : Bool := ptrAddrUnsafe a == ptrAddrUnsafe b

/-- Whether both are one object in memory; never true of different ones. -/
@[implemented_by sameObjectUnsafe] def sameObject {α : Type u} (_a _b : α) : Bool := false

abbrev ConstantNode := PersistentHashMap.Node Name ConstantInfo
abbrev ConstantEntry := PersistentHashMap.Entry Name ConstantInfo ConstantNode

/-- The constants of `node` that `base` does not have. Parts that `node` shares with `before` are passed over:
a check must not pay for the prelude's thousands. -/
partial def newConstants (base : Environment) (before? : Option ConstantNode) (node : ConstantNode)
    (acc : List ConstantInfo) : List ConstantInfo :=
  match node, before? with
  | .collision _ values _, _ => addNew (arrayItems values) acc
  | .entries entries, some (.entries before) => go (arrayItems entries) (arrayItems before) acc
  | .entries entries, _ => go (arrayItems entries) [] acc
where
  addNew : List ConstantInfo → List ConstantInfo → List ConstantInfo
    | [], acc => acc
    | ci :: rest, acc => addNew rest (if inLibrary base ci.name then acc else ci :: acc)
  go : List ConstantEntry → List ConstantEntry → List ConstantInfo → List ConstantInfo
    | [], _, acc => acc
    | entry :: rest, before, acc =>
      let (was?, before) := match before with
        | was :: others => (some was, others)
        | [] => (none, [])
      match entry, was? with
      | .null, _ => go rest before acc
      | .entry _ ci, some (.entry _ was) => go rest before (if sameObject ci was then acc else addNew [ci] acc)
      | .entry _ ci, _ => go rest before (addNew [ci] acc)
      | .ref node, some (.ref was) =>
        go rest before (if sameObject node was then acc else newConstants base (some was) node acc)
      | .ref node, _ => go rest before (newConstants base none node acc)

/-- The constants that a source added to its base. -/
def addedConstants (base env : Environment) : List ConstantInfo :=
  newConstants base (some base.constants.map₂.root) env.constants.map₂.root []

/-- Whether `full` is `written` in some namespace. -/
def endsIn : (full written : Name) → Bool
  | _, .anonymous => true
  | .str p a, .str q b => a == b && endsIn p q
  | .num p a, .num q b => a == b && endsIn p q
  | _, _ => false

def withoutRoot (written : Name) : Name := written.replacePrefix `_root_ .anonymous

/-- Whether `n` is what a source calls `written` where it declares it. -/
def isWritten (n written : Name) : Bool := endsIn ((privateToUserName? n).getD n) (withoutRoot written)

/-- The theorems that a source states itself, in the order of the source. A name after `theorem` that no
theorem of the environment bears (a macro or an error swallowed it) is listed as it is written. -/
def statedTheorems (base : Environment) (e : Elaborated) : List Name :=
  go (theorems (addedConstants base e.state.env)) e.declared []
where
  theorems : List ConstantInfo → List Name
    | [] => []
    | .thmInfo v :: rest => v.name :: theorems rest
    | _ :: rest => theorems rest
  go (added : List Name) : List Declared → List Name → List Name
    | [], acc => acc
    | { isTheorem := false, .. } :: rest, acc => go added rest acc
    | { name, .. } :: rest, acc =>
      match matching name added with
      | [] => go added rest (insert (withoutRoot name) acc)
      | found => go added rest (insertAll found acc)
  matching (written : Name) : List Name → List Name
    | [] => []
    | n :: rest =>
      if isWritten n written then n :: matching written rest else matching written rest
  insert (n : Name) (acc : List Name) : List Name := if memberName n acc then acc else n :: acc
  insertAll : List Name → List Name → List Name
    | [], acc => acc
    | n :: rest, acc => insertAll rest (insert n acc)

end MathLM
