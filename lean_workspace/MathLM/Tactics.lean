import MathLM.Frontend
open Lean Elab Tactic

/-! Tactics of the prelude that must read the goal. The prelude starts from Init and Std, where Lean's own
functions have no names: so their code lives in the server, and is registered for the syntax that
`Prelude/Tactics.lean` declares. Nothing here is trusted: each step is an ordinary tactic, written as syntax, since
few functions on terms can be called from interpreted code (see `Wire.lean`). -/

namespace MathLM

def currentGoals : TacticM (List MVarId) := return (← get).goals

def setCurrentGoals (goals : List MVarId) : TacticM Unit := set { goals : Tactic.State }

def sameGoals : List MVarId → List MVarId → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && sameGoals as bs
  | _, _ => false

/-- Whether `tactic` (which must change the goal) works; if it fails all is as before. -/
def works (tactic : TSyntax `tactic) : TacticM Bool := do
  let before ← currentGoals
  evalTactic (← `(tactic| first | $tactic:tactic | skip))
  return !(sameGoals before (← currentGoals))

/-- The least `k` with `holds k`, which holds from some `k` on; none below `limit`. -/
partial def leastFrom (limit : Nat) (holds : Nat → TacticM Bool) : TacticM (Option Nat) := do
  if ← holds 0 then return some 0
  let some high ← double 1 | return none
  return some (← bisect (high / 2 + 1) high)
where
  double (k : Nat) : TacticM (Option Nat) := do
    if ← holds k then return some k
    if k ≥ limit then return none
    double (2 * k)
  bisect (low high : Nat) : TacticM Nat := do
    if low ≥ high then return high
    let middle := (low + high) / 2
    if ← holds middle then bisect low middle else bisect (middle + 1) high

/-- Values that a case distinction may have. -/
def maxCases : Nat := 300

/-- How far from zero bounds are looked for. -/
def maxBound : Nat := 1000000

def natural (n : Nat) : TSyntax `term := ⟨Syntax.mkNumLit (toString n)⟩

def integer (n : Int) : TacticM (TSyntax `term) := do
  let size := natural n.natAbs
  if n < 0 then `(-$size) else return size

/-- `x = low ∨ … `, `count` values. -/
def valuesFrom (x : TSyntax `term) (low : Int) : Nat → TacticM (TSyntax `term)
  | 0 => `(False)
  | 1 => do
    let value ← integer low
    `($x = $value)
  | count + 1 => do
    let value ← integer low
    let rest ← valuesFrom x (low + 1) count
    `($x = $value ∨ $rest)

/-- One goal for each of `count` alternatives of the hypothesis `h`; `finish` runs in each. -/
def splitAll (h : Ident) (finish : TacticM Unit) : Nat → TacticM Unit
  | 0 => do evalTactic (← `(tactic| cases $h:ident))
  | 1 => finish
  | count + 1 => do
    evalTactic (← `(tactic| refine Or.elim $h ?_ ?_ <;> clear $h <;> intro $h:ident))
    match ← currentGoals with
    | first :: second :: rest =>
      setCurrentGoals [first]
      finish
      let done ← currentGoals
      setCurrentGoals [second]
      splitAll h finish count
      setCurrentGoals (append done (append (← currentGoals) rest))
    | _ => throwError "the case distinction went wrong"

/-- `interval_cases x` -/
def intervalCases : Tactic := fun stx => do
  let some x := (stx.getArg 1).getArgs[0]? | throwError "interval_cases: name the variable: `interval_cases x`"
  let x : TSyntax `term := ⟨x⟩
  match ← currentGoals with
  | [] => throwError "interval_cases: there is no goal"
  | goal :: others =>
    setCurrentGoals [goal]
    splitOn x
    setCurrentGoals (append (← currentGoals) others)
where
  atMost (x : TSyntax `term) (n : Int) : TacticM Bool := do
    let n ← integer n
    works (← `(tactic| (have h_bound : $x ≤ $n := by omega
                        clear h_bound)))
  atLeast (x : TSyntax `term) (n : Int) : TacticM Bool := do
    let n ← integer n
    works (← `(tactic| (have h_bound : $n ≤ $x := by omega
                        clear h_bound)))
  /-- The greatest `n` with `p n`, which holds below it. -/
  greatest (p : Int → TacticM Bool) : TacticM (Option Int) := do
    match ← leastFrom maxBound fun k => return !(← p k) with
    | some (k + 1) => return some k
    | some 0 => return none
    | none => return none
  splitOn (x : TSyntax `term) : TacticM Unit := do
    let before ← currentGoals
    evalTactic (← `(tactic| first | (exfalso; omega) | skip))
    unless sameGoals before (← currentGoals) do return
    let isNat ← works (← `(tactic| (have h_bound : ($x : Nat) = $x := rfl
                                    clear h_bound)))
    let isInt ← if isNat then pure false else works (← `(tactic| (have h_bound : ($x : Int) = $x := rfl
                                                                  clear h_bound)))
    unless isNat || isInt do throwError "interval_cases: {x} is neither a natural number nor an integer"
    let high? ← if isInt && (← atMost x (-1)) then do
        match ← greatest fun k => atMost x (-k) with
        | some k => pure (some (-k))
        | none => pure none
      else do
        match ← leastFrom maxBound fun k => atMost x k with
        | some k => pure (some (Int.ofNat k))
        | none => pure none
    let some high := high? | throwError "interval_cases: linear arithmetic finds no upper bound of {x}"
    let low? ← if isNat || (← atLeast x 0) then greatest fun k => if k > high + 1 then return false else atLeast x k
      else do
        match ← leastFrom maxBound fun k => atLeast x (-(Int.ofNat k)) with
        | some k => pure (some (-(Int.ofNat k)))
        | none => pure none
    let some low := low? | throwError "interval_cases: linear arithmetic finds no lower bound of {x}"
    let count := (high + 1 - low).toNat
    if count > maxCases then throwError "interval_cases: {x} has {count} possible values, more than {maxCases}"
    let h := mkIdent `h_interval
    let cases ← valuesFrom x low count
    evalTactic (← `(tactic| have $h:ident : $cases := by omega))
    splitAll h (finish h) count
  finish (h : Ident) : TacticM Unit := do
    evalTactic (← `(tactic| first | subst $h:ident | simp only [$h:ident] at * | skip))
    evalTactic (← `(tactic| try (exfalso; omega)))

/-- The most residues that `mod_cases` tells apart. -/
def maxResidues : Nat := 60

/-- `mod_cases h : e % n` -/
def modCases : Tactic := fun stx => do
  let name : Ident := ⟨stx.getArg 1⟩
  let e : TSyntax `term := ⟨stx.getArg 3⟩
  let n := ((stx.getArg 5).isNatLit?).getD 0
  if n == 0 then throwError "mod_cases: the modulus must be a positive number"
  if n > maxResidues then throwError "mod_cases: at most {maxResidues} residues"
  match ← currentGoals with
  | [] => throwError "mod_cases: there is no goal"
  | goal :: others =>
    setCurrentGoals [goal]
    let h := mkIdent `h_residue
    let cases ← residues e (natural n) n 0
    let ofNat := mkIdent `Nat.modEq_iff_mod
    let ofInt := mkIdent `Int.modEq_iff_emod
    evalTactic (← `(tactic| have $h:ident : $cases := by
      first | (simp only [$ofNat:ident]; omega) | (simp only [$ofInt:ident]; omega)))
    splitAll h (do evalTactic (← `(tactic| (have $name:ident := $h; clear $h)))) n
    setCurrentGoals (append (← currentGoals) others)
where
  congruent (e n : TSyntax `term) (r : Nat) : TacticM (TSyntax `term) := do
    let r := natural r
    let ofNat := mkIdent `Nat.ModEq
    let ofInt := mkIdent `Int.ModEq
    -- whichever fits the type of `e`
    if ← works (← `(tactic| (have h_bound : ($e : Nat) = $e := rfl
                             clear h_bound))) then `($ofNat $n $e $r) else `($ofInt $n $e $r)
  residues (e n : TSyntax `term) (count r : Nat) : TacticM (TSyntax `term) := do
    match count with
    | 0 => `(False)
    | 1 => congruent e n r
    | count + 1 => do
      let first ← congruent e n r
      let rest ← residues e n count (r + 1)
      `($first ∨ $rest)

/-- A hypothesis that compares two numbers. -/
structure Comparison where
  name : Name
  strict : Bool
  ofNat : Bool

def assigned (mctx : MetavarContext) (e : Expr) : Expr :=
  match e with
  | .mvar id => (mctx.eAssignment.find? id).getD e
  | e => e

/-- The comparisons of a context, last first. -/
def comparisons (mctx : MetavarContext) : List (Option LocalDecl) → List Comparison → List Comparison
  | [], acc => acc
  | none :: rest, acc => comparisons mctx rest acc
  | some decl :: rest, acc =>
    let found (strict : Bool) (type : Expr) : List Comparison :=
      { name := decl.userName, strict, ofNat := type.isConstOf ``Nat } :: acc
    match (assigned mctx decl.type).consumeMData with
    | .app (.app (.app (.app (.const relation _) type) _) _) _ =>
      if relation == ``LT.lt || relation == ``GT.gt then comparisons mctx rest (found true type)
      else if relation == ``LE.le || relation == ``GE.ge then comparisons mctx rest (found false type)
      else comparisons mctx rest acc
    | _ => comparisons mctx rest acc

/-- The hypotheses that are equations of numbers, last first. -/
def equations (mctx : MetavarContext) : List (Option LocalDecl) → List Name → List Name
  | [], acc => acc
  | none :: rest, acc => equations mctx rest acc
  | some decl :: rest, acc =>
    match (assigned mctx decl.type).consumeMData with
    | .app (.app (.app (.const ``Eq _) (.const type _)) _) _ =>
      equations mctx rest (if type == ``Nat || type == ``Int || type == ``Rat then decl.userName :: acc else acc)
    | _ => equations mctx rest acc

/-- Comparisons that are multiplied with each other, at most. -/
def maxFactors : Nat := 8

def firstItems : Nat → List α → List α
  | 0, _ => []
  | _, [] => []
  | n + 1, a :: rest => a :: firstItems n rest

def multiply (p q : Comparison) : TacticM Unit := do
  if p.ofNat != q.ofNat then return
  let stem := if p.ofNat then "nlinarith_nat" else "nlinarith"
  let part (strict : Bool) : String := if strict then "_lt" else "_le"
  let product := mkIdent (Name.mkSimple (stem ++ part p.strict ++ part q.strict))
  let left := mkIdent p.name
  let right := mkIdent q.name
  evalTactic (← `(tactic| try have := $product:ident $left $right))

def multiplyEach (p : Comparison) : List Comparison → TacticM Unit
  | [] => return
  | q :: rest => do
    multiply p q
    multiplyEach p rest

def multiplyAll : List Comparison → TacticM Unit
  | [] => return
  | p :: rest => do
    multiplyEach p (p :: rest)
    multiplyAll rest

def squareAll : List Name → TacticM Unit
  | [] => return
  | name :: rest => do
    let square := mkIdent `nlinarith_square
    let equation := mkIdent name
    evalTactic (← `(tactic| try have := $square:ident $equation))
    squareAll rest

/-- `nlinarith_products` -/
def nlinarithProducts : Tactic := fun _ => do
  match ← currentGoals with
  | [] => return
  | goal :: _ =>
    let mctx ← getMCtx
    match mctx.decls.find? goal with
    | none => return
    | some decl =>
      let context := persistentItems decl.lctx.decls
      squareAll (firstItems maxFactors (equations mctx context []))
      multiplyAll (firstItems maxFactors (comparisons mctx context []))

abbrev TacticEntry := KeyedDeclsAttribute.AttributeEntry Tactic
abbrev TacticNode := PersistentHashMap.Node Name (List TacticEntry)

/-- Puts a key into a free place of the top node; none where the place is taken. (The library's own `insert` cannot
be called from interpreted code.) -/
def insertAtTop (node : TacticNode) (key : Name) (value : List TacticEntry) : Option TacticNode :=
  match node with
  | .collision .. => none
  | .entries items =>
    let place := key.hash.toNat % 32
    match items[place]? with
    | some .null => some (.entries (items.set! place (.entry key value)))
    | _ => none

def register (key : Name) (value : Tactic) : IO Unit := do
  let entry : TacticEntry := { key, declName := `MathLM.Tactics ++ key, value, isBuiltin := true }
  let table ← tacticElabAttribute.tableRef.get
  match insertAtTop table.map₂.root key [entry] with
  | some root => tacticElabAttribute.tableRef.set { stage₁ := false, map₁ := table.map₁, map₂ := { root } }
  | none => throw <| IO.userError ("the place of the tactic " ++ key.toString ++ " is taken: give it another name")

/-- Gives the prelude's syntax its code, in every environment that is made from now on. -/
def registerTactics : IO Unit := do
  register `intervalCases intervalCases
  register `modCases modCases
  register `nlinarithProducts nlinarithProducts

end MathLM
